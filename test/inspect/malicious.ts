// cspell:ignore cposix nsystem csubprocess cbuiltins cnumpy coperator ctorch cfoo crackfortran getlincoef
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { type Written, writeZip } from './zip-writer';

/** A harmful file for one rule, made of bytes here; nothing in this project could run it. */
export interface Malicious {
  readonly what: string;
  readonly rule: string;
  readonly name?: string;
  readonly bytes: Buffer;
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const short = (text: string): string => `\x8c${String.fromCharCode(text.length)}${text}`;
const call = (module: string, name: string): string =>
  `\x80\x04${short(module)}${short(name)}\x93${short('id')}\x85R.`;
const SYSTEM = call('posix', 'system');
const CLEAN = '\x80\x02}.';

const torch = (...more: readonly Written[]): readonly Written[] => [
  { name: 'm/data.pkl', data: CLEAN },
  { name: 'm/code/__torch__.py', data: 'class Net(Module):\n  pass\n' },
  { name: 'm/constants.pkl', data: '\x80\x02).' },
  { name: 'm/version', data: '3\n' },
  ...more,
];

const field = (number: number, value: Buffer | string | number): Buffer => {
  if (typeof value === 'number') return Buffer.from([number * 8, value]);
  const bytes = Buffer.from(value as string);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  const tag = number * 8 + 2;
  return Buffer.concat([
    Buffer.from(tag < 128 ? [tag] : [(tag & 0x7f) | 0x80, tag >> 7]),
    Buffer.from(length),
    bytes,
  ]);
};
const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const external = (entries: readonly (readonly [string, string])[]): Buffer =>
  message(
    field(1, 2),
    field(2, 1),
    field(8, 'w'),
    ...entries.map(([key, value]) => field(13, message(field(1, key), field(2, value)))),
    field(14, 1),
  );
const onnx = (graph: Buffer): Buffer =>
  message(field(1, 8), field(7, graph), field(8, message(field(2, 13))));
const onnxExternal = (...entries: readonly (readonly [string, string])[]): Buffer =>
  onnx(field(5, external(entries)));
const graphOf = (operator: string): Buffer =>
  message(field(1, 1), field(2, field(2, field(1, message(field(1, 'n'), field(2, operator))))));

const safetensors = (header: string, data = ''): Buffer => {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, latin(header), latin(data)]);
};

const npy = (descr: string, data: string): Buffer => {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }\n`;
  return latin(`\x93NUMPY\x01\0${String.fromCharCode(header.length)}\0${header}${data}`);
};

function gguf(key: string, template: string): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  };
  const text = (value: string): Buffer => Buffer.concat([number(value.length), latin(value)]);
  const head = Buffer.concat([latin('GGUF\x03\0\0\0'), number(0), number(1)]);
  return Buffer.concat([head, text(key), latin('\x08\0\0\0'), text(template)]);
}

const tar = (name: string, type: string, data: string): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(data.length.toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  header.write('ustar\0', 257);
  return Buffer.concat([
    header,
    latin(data),
    Buffer.alloc((512 - (data.length % 512)) % 512),
    Buffer.alloc(1024),
  ]);
};

const nest = (depth: number, data: Buffer): Buffer =>
  depth === 0 ? data : nest(depth - 1, writeZip([{ name: 'inner.zip', data }]));

const pickles: readonly Malicious[] = [
  ...[
    'posix system',
    'os popen',
    'subprocess run',
    'builtins eval',
    'builtins __import__',
    '__builtin__ exec',
  ],
  ...[
    'runpy _run_code',
    'socket create_connection',
    'importlib import_module',
    'torch.hub load',
    'pty spawn',
  ],
  ...[
    'torch.storage _load_from_bytes',
    'numpy.f2py.crackfortran getlincoef',
    'operator attrgetter',
    'pip main',
  ],
  ...['torch.serialization load', 'torch.utils.collect_env run', 'asyncio.unix_events x', 'profile run'],
  ...[
    'torch.jit.unsupported_tensor_ops execWrapper',
    'torch._inductor.codecache compile_file',
    'code interact',
  ],
].map(name => {
  const [module = '', attribute = ''] = name.split(' ');
  return {
    what: `a pickle that calls ${name}`,
    rule: 'pickle-dangerous-global',
    bytes: latin(call(module, attribute)),
  };
});

const oddPickles: readonly (readonly [what: string, rule: string, text: string])[] = [
  ['a name that nobody knows', 'pickle-unknown-global', call('acme.net', 'Net')],
  ['a name with dots that leads elsewhere', 'pickle-unknown-global', call('torch', 'Size.__init__')],
  ['TorchScript outside TorchScript', 'pickle-unknown-global', call('__torch__', 'Net')],
  ['a name by way of a number', 'pickle-extension', '\x80\x02\x82\x01)R.'],
  ['a name by way of a large number', 'pickle-extension', '\x80\x02\x84\x01\0\0\0)R.'],
  ['INST', 'pickle-old-instance', '(S"id"\nios\nsystem\n.'],
  ['OBJ', 'pickle-old-instance', "(cos\nsystem\nS'id'\no."],
  ['a name that is computed', 'pickle-unresolved-global', `\x80\x04N${short('system')}\x93)R.`],
  ['a call of a result', 'pickle-odd-call', '\x80\x02cnumpy\ndtype\n)R)R.'],
  ['the state of a class', 'pickle-odd-build', '\x80\x02cnumpy\ndtype\n}b.'],
  ['a protocol in the middle', 'pickle-misplaced-protocol', '\x80\x02N0\x80\x04N.'],
  ['what follows its end', 'pickle-trailing-data', `${CLEAN}xx`],
  ['a second pickle behind the first', 'pickle-dangerous-global', `${CLEAN}${SYSTEM}`],
  ['a pickle in its bytes', 'pickle-nested', `\x80\x04C${String.fromCharCode(SYSTEM.length)}${SYSTEM}.`],
  ['harm before it breaks off', 'pickle-dangerous-global', `${SYSTEM.slice(0, -1)}\xff`],
  ['no mark of a pickle', 'pickle-dangerous-global', "cposix\nsystem\n(S'id'\ntR."],
  ['no mark and no end', 'pickle-dangerous-global', "cposix\nsystem\n(S'id'\ntR"],
  ['a broken end', 'unreadable', '\x80\x04N\xff'],
];

const archives: readonly (readonly [what: string, rule: string, bytes: Buffer])[] = [
  ['a harmful data.pkl', 'pickle-dangerous-global', writeZip(torch({ name: 'm/x.pkl', data: SYSTEM }))],
  [
    'protocol 0 without extension',
    'pickle-dangerous-global',
    writeZip(torch({ name: 'm/notes', data: 'cposix\nsystem\n)R.' })),
  ],
  [
    'a compressed member',
    'pickle-dangerous-global',
    writeZip(torch({ name: 'm/x', data: SYSTEM, isDeflated: true })),
  ],
  [
    'an archive inside',
    'pickle-dangerous-global',
    writeZip(torch({ name: 'm/x', data: writeZip([{ name: 'y', data: SYSTEM }]) })),
  ],
  ['gzip inside', 'pickle-dangerous-global', writeZip([{ name: 'x', data: gzipSync(latin(SYSTEM)) }])],
  [
    'a class that its code lacks',
    'pickle-unknown-global',
    writeZip(torch({ name: 'm/x', data: call('__torch__.other', 'Net') })),
  ],
  [
    'code that writes a file',
    'torchscript-file-access',
    writeZip(torch({ name: 'm/code/__torch__/a.py', data: '    torch.save(x, ".profile")\n' })),
  ],
  [
    'code that maps a file',
    'torchscript-file-access',
    writeZip(
      torch({ name: 'm/code/__torch__/a.py', data: '    _0 = torch.from_file("/etc/passwd", False, 10)\n' }),
    ),
  ],
  [
    'code of a foreign library',
    'torchscript-custom-operator',
    writeZip(torch({ name: 'm/code/__torch__/a.py', data: '    _0 = ops.acme.run(x)\n' })),
  ],
  [
    'two entries of one name',
    'zip-duplicate-name',
    writeZip([...torch(), { name: 'm/data.pkl', data: CLEAN }]),
  ],
  [
    'two names that PyTorch takes for one',
    'zip-duplicate-name',
    writeZip([...torch(), { name: 'm/DATA.pkl', data: CLEAN }]),
  ],
  ['an encrypted entry', 'zip-encrypted', writeZip([{ name: 'a', data: 'x', flags: 1 }])],
  [
    'two names for one entry',
    'zip-headers-differ',
    writeZip([{ name: 'a', data: 'x', local: { name: 'b' } }]),
  ],
  [
    'two sizes for one entry',
    'zip-headers-differ',
    writeZip([{ name: 'a', data: 'x', local: { sizeBytes: 9 } }]),
  ],
  ['a wrong checksum', 'zip-bad-checksum', writeZip([{ name: 'a', data: 'x', crc: 1 }])],
  ['a wrong size', 'zip-bad-size', writeZip([{ name: 'a', data: 'xxxx', isDeflated: true, sizeBytes: 2 }])],
  ['a stored entry of two sizes', 'zip-bad-size', writeZip([{ name: 'a', data: 'xxxx', sizeBytes: 2 }])],
  [
    'much from little',
    'zip-high-ratio',
    writeZip([{ name: 'a', data: Buffer.alloc(2 ** 21), isDeflated: true }]),
  ],
  ['a name that leads out', 'zip-unsafe-name', writeZip([{ name: '../a', data: 'x' }])],
  ['an absolute name', 'zip-unsafe-name', writeZip([{ name: '/etc/a', data: 'x' }])],
  ['a name with a backslash', 'zip-unsafe-name', writeZip([{ name: '..\\a', data: 'x' }])],
  [
    'bytes between entries',
    'zip-hidden-bytes',
    writeZip([
      { name: 'a', data: 'x' },
      { name: 'b', data: 'y', gap: latin(SYSTEM) },
    ]),
  ],
  [
    'bytes before the first entry',
    'zip-hidden-bytes',
    writeZip([{ name: 'a', data: 'x', gap: latin(SYSTEM) }]),
  ],
  ['bytes after the archive', 'zip-hidden-bytes', writeZip([{ name: 'a', data: 'x' }], { trailing: SYSTEM })],
  [
    'a compression that nobody reads',
    'zip-unknown-compression',
    writeZip([{ name: 'a', data: 'x', method: 99 }]),
  ],
  ['a bomb', 'archive-bomb', gzipSync(Buffer.alloc(2 ** 23))],
  ['a bomb larger than memory', 'archive-bomb', deflateSync(Buffer.alloc(2 ** 24))],
  ['archives without end', 'archive-depth', nest(12, latin(SYSTEM))],
  ['a link in a tar archive', 'archive-link', tar('a', '2', '')],
  ['a tar archive', 'pickle-dangerous-global', tar('a', '0', SYSTEM)],
  ['a name of tar that leads out', 'zip-unsafe-name', tar('../a', '0', 'x')],
  ['xz', 'unread-compression', latin('\xfd7zXZ\0....')],
  ['bzip2', 'unread-compression', latin('BZh91AY&SY....')],
  ['zstd', 'unread-compression', latin('\x28\xb5\x2f\xfd....')],
  ['a library', 'native-code', latin('\x7fELF\x02\x01\x01...........')],
  ['compressed joblib', 'pickle-dangerous-global', deflateSync(latin(SYSTEM))],
  ['a broken archive', 'unreadable', writeZip(torch()).subarray(0, -30)],
  [
    'broken compression',
    'unreadable',
    writeZip([{ name: 'a', data: Buffer.alloc(40, 0xfe), method: 8, sizeBytes: 90 }]),
  ],
  ['an array of objects', 'pickle-dangerous-global', npy('|O', SYSTEM)],
  [
    'an array of objects in an archive',
    'pickle-dangerous-global',
    writeZip([{ name: 'a.npy', data: npy('|O', SYSTEM) }]),
  ],
  [
    'a Keras archive with a Lambda',
    'keras-lambda',
    writeZip([
      { name: 'metadata.json', data: '{"keras_version": "3.0.0"}' },
      {
        name: 'config.json',
        data: '{"class_name":"Functional","config":{"layers":[{"module":"keras.layers","class_name":"Lambda","config":{}}]}}',
      },
    ]),
  ],
  [
    'a Keras archive that makes a process',
    'keras-dangerous-object',
    writeZip([
      { name: 'metadata.json', data: '{}' },
      { name: 'config.json', data: '{"module":"subprocess","class_name":"Popen","config":{}}' },
    ]),
  ],
  [
    'a Keras archive with an object of its own',
    'keras-unknown-object',
    writeZip([
      { name: 'metadata.json', data: '{}' },
      { name: 'config.json', data: '{"module":"acme","class_name":"Net","config":{}}' },
    ]),
  ],
  [
    'HDF5 with a Lambda',
    'keras-lambda',
    latin('\x89HDF\r\n\x1a\n\0\0\0....{"class_name": "Sequential", "config": [{"class_name": "Lambda"}]}'),
  ],
  ['hidden bytes in an overlap', 'zip-overlap', overlapping()],
];

/** Two entries of the directory that share one header and one piece of data. */
function overlapping(): Buffer {
  const bytes = writeZip([
    { name: 'a', data: deflateRawSync(Buffer.alloc(9)) },
    { name: 'a', data: 'x' },
  ]);
  const second = bytes.lastIndexOf('PK\x01\x02');
  bytes.writeUInt32LE(0, second + 42);
  return bytes;
}

const graphs: readonly (readonly [what: string, rule: string, bytes: Buffer])[] = [
  ['a path that leads out', 'onnx-external-path', onnxExternal(['location', '../../etc/passwd'])],
  ['an absolute path', 'onnx-external-path', onnxExternal(['location', '/etc/passwd'])],
  ['a drive', 'onnx-external-path', onnxExternal(['location', 'C:/secrets'])],
  ['a backslash', 'onnx-external-path', onnxExternal(['location', '..\\secrets'])],
  ['no path', 'onnx-external-path', onnxExternal(['offset', '0'])],
  ['a key that is none', 'onnx-external-key', onnxExternal(['location', 'w'], ['basepath', '/'])],
  ['a key twice', 'onnx-external-key', onnxExternal(['location', 'w'], ['location', 'v'])],
  ['an offset that is none', 'onnx-external-key', onnxExternal(['location', 'w'], ['offset', '-1'])],
  ['a file that is not there', 'onnx-external-file', onnxExternal(['location', 'missing.bin'])],
  [
    'a file that is too short',
    'onnx-external-file',
    onnxExternal(['location', 'short.bin'], ['length', '99']),
  ],
  ['a link', 'onnx-external-link', onnxExternal(['location', 'link.bin'])],
  ['a hard link', 'onnx-external-link', onnxExternal(['location', 'hard.bin'])],
  [
    'external data in an attribute',
    'onnx-external-path',
    onnx(field(1, field(5, field(5, external([['location', '/a']]))))),
  ],
  [
    'external data in a branch',
    'onnx-external-path',
    onnx(field(1, field(5, field(6, field(5, external([['location', '/a']])))))),
  ],
  [
    'a foreign operator',
    'onnx-custom-operator',
    onnx(field(1, message(field(4, 'Run'), field(7, 'com.acme')))),
  ],
  ['a graph that writes', 'tensorflow-file-operation', graphOf('WriteFile')],
  ['a graph that calls Python', 'tensorflow-python-operation', graphOf('PyFunc')],
  ['a template', 'gguf-template', gguf('tokenizer.chat_template', "{{ ''.__class__.__mro__ }}")],
  [
    'tensors that overlap',
    'safetensors-header',
    safetensors(
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
      'xxx',
    ),
  ],
  [
    'a gap between tensors',
    'safetensors-header',
    safetensors('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', 'xx'),
  ],
  [
    'a tensor of the wrong length',
    'safetensors-header',
    safetensors('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,2]}}', 'xx'),
  ],
  [
    'data behind the tensors',
    'safetensors-header',
    safetensors('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', `x${SYSTEM}`),
  ],
  [
    'a tensor twice',
    'safetensors-header',
    safetensors(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      'x',
    ),
  ],
  ['metadata that are no texts', 'safetensors-header', safetensors('{"__metadata__":{"a":{}}}')],
  [
    'a header that is longer than the file',
    'unreadable',
    Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0]), latin('{}')]),
  ],
];

/** One harmful file for every rule, and more for those that can be broken in several ways. */
export const MALICIOUS: readonly Malicious[] = [
  ...pickles,
  ...oddPickles.map(([what, rule, text]) => ({ what: `a pickle with ${what}`, rule, bytes: latin(text) })),
  ...archives.map(([what, rule, bytes]) => ({ what, rule, bytes })),
  ...graphs.map(([what, rule, bytes]) => ({ what, rule, bytes })),
];
