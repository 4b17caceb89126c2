/** Data types by the words of the Open Inference Protocol, and the like for those that it has none for. */

/** As `onnx.TensorProto.DataType` counts them. */
const ONNX = [
  ...[
    undefined,
    'FP32',
    'UINT8',
    'INT8',
    'UINT16',
    'INT16',
    'INT32',
    'INT64',
    'BYTES',
    'BOOL',
    'FP16',
    'FP64',
  ],
  ...[
    'UINT32',
    'UINT64',
    'COMPLEX64',
    'COMPLEX128',
    'BF16',
    'FP8',
    'FP8',
    'FP8',
    'FP8',
    'UINT4',
    'INT4',
    'FP4',
  ],
];

/** As `tensorflow.DataType` counts them. */
const TENSORFLOW = [
  ...[
    undefined,
    'FP32',
    'FP64',
    'INT32',
    'UINT8',
    'INT16',
    'INT8',
    'BYTES',
    'COMPLEX64',
    'INT64',
    'BOOL',
    'INT8',
  ],
  ...[
    'UINT8',
    'INT32',
    'BF16',
    'INT16',
    'UINT16',
    'UINT16',
    'COMPLEX128',
    'FP16',
    undefined,
    undefined,
    'UINT32',
  ],
  'UINT64',
];

const SAFETENSORS: Readonly<Record<string, string>> = {
  ...{ BOOL: 'BOOL', U8: 'UINT8', I8: 'INT8', U16: 'UINT16', I16: 'INT16', U32: 'UINT32', I32: 'INT32' },
  ...{ U64: 'UINT64', I64: 'INT64', F16: 'FP16', BF16: 'BF16', F32: 'FP32', F64: 'FP64', C64: 'COMPLEX64' },
  ...{ F8_E4M3: 'FP8', F8_E5M2: 'FP8', F8_E8M0: 'FP8', F4: 'FP4', F6_E2M3: 'FP6', F6_E3M2: 'FP6' },
};

/** Names of PyTorch's storages without `Storage`. */
const TORCH: Readonly<Record<string, string>> = {
  ...{
    Float: 'FP32',
    Double: 'FP64',
    Half: 'FP16',
    BFloat16: 'BF16',
    Long: 'INT64',
    Int: 'INT32',
    Short: 'INT16',
  },
  ...{ Char: 'INT8', Byte: 'UINT8', Bool: 'BOOL', ComplexFloat: 'COMPLEX64', ComplexDouble: 'COMPLEX128' },
  ...{ QInt8: 'INT8', QUInt8: 'UINT8', QInt32: 'INT32' },
};

/** Letters of NumPy's type codes; the digits are bytes. */
const NUMPY: Readonly<Record<string, string>> = { f: 'FP', i: 'INT', u: 'UINT', c: 'COMPLEX' };

/** The more common of `ggml_type`. */
const GGML: Readonly<Record<number, string>> = {
  ...{ 0: 'FP32', 1: 'FP16', 2: 'Q4_0', 3: 'Q4_1', 6: 'Q5_0', 7: 'Q5_1', 8: 'Q8_0', 9: 'Q8_1', 10: 'Q2_K' },
  ...{ 11: 'Q3_K', 12: 'Q4_K', 13: 'Q5_K', 14: 'Q6_K', 15: 'Q8_K', 24: 'INT8', 25: 'INT16', 26: 'INT32' },
  ...{ 27: 'INT64', 28: 'FP64', 30: 'BF16' },
};

export const onnxType = (type: number): string | undefined => ONNX[type];
export const tensorflowType = (type: number): string | undefined => TENSORFLOW[type];
export const safetensorsType = (type: string): string => SAFETENSORS[type] ?? 'OTHER';
export const torchType = (storage: string): string => TORCH[storage.replace(/Storage$/, '')] ?? 'OTHER';
export const ggmlType = (type: number): string => GGML[type] ?? 'OTHER';

/** Of a code such as `<f4`, `f8`, `|b1` or `|S3`. */
export function numpyTypeName(code: string): string {
  const [, letter = '', digits = ''] = /^[<>=|]?([?a-zA-Z])(\d*)/.exec(code) ?? [];
  const prefix = NUMPY[letter];
  if (prefix !== undefined) return `${prefix}${Number(digits) * 8}`;
  if (letter === 'b' || letter === '?') return 'BOOL';
  return letter === 'S' || letter === 'U' || letter === 'O' ? 'BYTES' : 'OTHER';
}
