/** Why a program died, in its own words, and what that usually means. */
export interface LastWords {
  readonly said: string;
  readonly fix?: string | undefined;
}

const TRACEBACK = /^\s*Traceback \(most recent call last\):/;
/** `FileNotFoundError: [Errno 2] ...`, `torch.cuda.OutOfMemoryError: ...`, `KeyboardInterrupt`. */
const EXCEPTION = /^[A-Za-z_][\w.]*(?:: .*)?$/;
/** Go, Rust, the JVM, Node and C++, each on the line that says why. */
const OTHERS = [
  /^panic: .*/,
  /panicked at .*/,
  /^Exception in thread .*/,
  /^terminate called after throwing an instance of .*/,
  /^(?:Uncaught )?[A-Z]\w*(?:Error|Exception): .*/,
  /\b(?:FATAL|CRITICAL)\b.*/,
];

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^ModuleNotFoundError|^ImportError: No module/,
    'add the module to the image (input `code`, or a runtime that has it: `spec.runtime.image`)',
  ],
  [
    /^ImportError: .*\.so/,
    'the runtime image lacks a library: choose one that has it (`spec.runtime.image`)',
  ],
  [/Read-only file system/, 'write to /tmp only: the file system of the container is read-only'],
  [
    /^PermissionError|Permission denied/,
    'let the user that the container runs as read and write what it needs; generated manifests run as user 65532 and may write to /tmp only',
  ],
  [/Address already in use/, 'let only one process listen on the port'],
  [
    /PytorchStreamReader|central directory|not a ZIP archive|UnpicklingError|HeaderTooLarge|InvalidHeader|INVALID_PROTOBUF/i,
    'the model file is damaged or cut off, or of another format: export it again, and check that Git LFS fetched it (`lfs: true` in actions/checkout)',
  ],
  [
    /kMaxSupportedFileFormatVersion|Unsupported model IR version|Unknown builtin op|opset .* is under development/i,
    'the model was exported by a newer release than the runtime has: use a newer runtime (`spec.runtime.image`) or export with an older one',
  ],
  [
    /CUDA driver|no CUDA-capable device|No CUDA GPUs are available|Found no NVIDIA driver/i,
    'give the pod a GPU (`spec.resources.gpu`), or serve on the processor',
  ],
  [
    /^FileNotFoundError|No such file or directory/,
    'check the path: the files of the model lie in the folder that `target-path` names (/models/<name> by default)',
  ],
  [
    /Connection refused|Name or service not known|Temporary failure in name resolution|getaddrinfo/,
    'the server needs something at its start that it cannot reach: check the address and the network policies',
  ],
];

/** From the end of a log: the exception of the last traceback, else a line that says why, else the last line. */
export function lastWordsOf(lines: readonly string[]): LastWords | undefined {
  const said = exceptionOf(lines) ?? otherOf(lines) ?? lines.at(-1)?.trim();
  if (said === undefined || said === '') return undefined;
  return { said, fix: REMEDIES.find(([says]) => says.test(said))?.[1] };
}

function exceptionOf(lines: readonly string[]): string | undefined {
  const start = lines.findLastIndex(line => TRACEBACK.test(line));
  if (start < 0) return undefined;
  // Frames are indented more than the title; the exception stands where the title does.
  const indent = /^\s*/.exec(lines[start] ?? '')?.[0].length ?? 0;
  return lines
    .slice(start + 1)
    .find(line => line.slice(0, indent).trim() === '' && EXCEPTION.test(line.slice(indent)))
    ?.trim();
}

function otherOf(lines: readonly string[]): string | undefined {
  for (const pattern of OTHERS) {
    const line = lines.findLast(each => pattern.test(each.trim()));
    if (line !== undefined) return line.trim();
  }
  return undefined;
}
