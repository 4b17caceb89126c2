import trusted from './trusted-globals.json';

const TRUSTED: Readonly<Record<string, readonly string[]>> = trusted;

/** Modules of which every name is refused: they run commands, load code or reach the network. */
const DANGEROUS_MODULES = new Set(
  (
    'os posix nt ntpath posixpath subprocess sys socket ssl shutil runpy pty pickle _pickle cPickle dill cloudpickle ' +
    'pip pdb bdb asyncio aiohttp ctypes _ctypes cProfile profile timeit test venv ensurepip idlelib urllib requests ' +
    'httplib http webbrowser importlib imp code codeop codecs multiprocessing threading _thread signal commands ' +
    'popen2 platform tempfile pkgutil zipimport inspect marshal builtins __builtin__ operator _operator ' +
    'functools _functools site sysconfig distutils setuptools smtplib ftplib telnetlib xmlrpc sqlite3 gc atexit ' +
    'linecache fileinput glob io _io nturl2path antigravity this doctest trace tracemalloc concurrent selectors ' +
    'torch.hub torch._dynamo torch._inductor torch.utils.collect_env torch.distributed torch.multiprocessing ' +
    'numpy.f2py numpy.distutils numpy.testing'
  ).split(' '),
);
/** Single names of modules that have harmless ones, too. */
const DANGEROUS_NAMES = new Set([
  'torch.load',
  'torch.compile',
  'torch.storage._load_from_bytes',
  'torch.serialization.load',
  'torch.jit.unsupported_tensor_ops.execWrapper',
  'torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression',
  'torch.utils.cpp_extension.load',
  'torch.utils.cpp_extension.load_inline',
  'numpy.load',
  'joblib.load',
  'joblib.numpy_pickle.load',
  'pandas.eval',
  'pandas.read_pickle',
  '_codecs.lookup',
]);

/** What of `model.yaml` may be trusted beside the list: `acme.models.Net`, or all of `acme.models.*`. */
export type Allowed = (module: string, name: string) => boolean;

export type Trust = 'trusted' | 'unknown' | 'dangerous';

/** Exact names are trusted and nothing else; whatever the user allows, what is known to harm stays refused. */
export function trustGlobal(module: string, name: string, isAllowed: Allowed): Trust {
  if (Object.hasOwn(TRUSTED, module) && TRUSTED[module]?.includes(name) === true) return 'trusted';
  if (isDangerous(module, name)) return 'dangerous';
  return isAllowed(module, name) ? 'trusted' : 'unknown';
}

/** A module, one inside it, or one that is reached by the dots of a name. */
export function isDangerous(module: string, name: string): boolean {
  if (DANGEROUS_NAMES.has(`${module}.${name}`)) return true;
  const parts = module.split('.');
  return parts.some((_, at) => DANGEROUS_MODULES.has(parts.slice(0, at + 1).join('.')));
}

export function allowedBy(patterns: readonly string[]): Allowed {
  const exact = new Set(patterns.filter(pattern => !pattern.endsWith('.*')));
  const prefixes = patterns.filter(pattern => pattern.endsWith('.*')).map(pattern => pattern.slice(0, -1));
  return (module, name) => {
    const full = `${module}.${name}`;
    return exact.has(full) || prefixes.some(prefix => full.startsWith(prefix));
  };
}
