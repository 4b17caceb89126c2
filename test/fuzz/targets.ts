import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  hasCode,
  judgeAnswer,
  parseExactJson,
  parseGolden,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { ByteSource } from '../../action/src/content/byte-source';
import { isGzip, isZlib, recognise } from '../../action/src/inspect/recognise';
import { readGguf } from '../../action/src/content/gguf';
import { findConfigs } from '../../action/src/content/hdf5';
import { walkJson } from '../../action/src/content/json';
import { readNpy } from '../../action/src/content/npy';
import { readOnnx } from '../../action/src/content/onnx';
import { disassemble } from '../../action/src/content/pickle/disassemble';
import { readSafetensors } from '../../action/src/content/safetensors';
import { readSavedModel } from '../../action/src/content/saved-model';
import { readTar } from '../../action/src/content/tar';
import { readZipDirectory } from '../../action/src/content/zip/read-directory';
import { forwardInputs } from '../../action/src/inspect/torchscript-facts';
import { allowedBy } from '../../action/src/scan/globals';
import { scanCode } from '../../action/src/scan/scan-code';
import { scanKeras } from '../../action/src/scan/scan-keras';
import { judgePickle } from '../../action/src/scan/scan-pickle';
import {
  answerWith,
  goldenDocument,
  goldenOf,
} from '../../plugins/modelpier-common/src/golden/golden.fixture';
import { bundleOf } from '../../action/src/sigstore/stored-bundle';
import { parseSigningConfig } from '../../action/src/sigstore/signing-config';
import { renderSigningConfig } from '../servers/sigstore/trust';
import { MALICIOUS } from '../inspect/malicious';

interface Target {
  /** Reads untrusted bytes; may throw `Malformed` and nothing else. */
  readonly read: (source: ByteSource) => unknown;
  /** Which of the samples are worth varying. */
  readonly isSample: (bytes: Buffer) => boolean;
}

const CLEAN = join(__dirname, '../fixtures/models/clean');
const LARGEST_SAMPLE = 8 * 1024;

const SAMPLES: readonly Buffer[] = [
  ...MALICIOUS.map(({ bytes }) => bytes),
  ...readdirSync(CLEAN)
    .map(name => join(CLEAN, name))
    .filter(path => statSync(path).size <= LARGEST_SAMPLE)
    .map(path => readFileSync(path)),
  Buffer.from(
    'class Net(Module):\n  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n    return torch.relu(x)\n',
  ),
  Buffer.from(JSON.stringify(goldenDocument({ tolerance: { absolute: 1 }, latency: { p95Ms: 9 } }))),
  Buffer.from(answerWith([[-1, 4]])),
  Buffer.from(JSON.stringify(renderSigningConfig('https://sigstore.example', { log: true }))),
  Buffer.from(
    JSON.stringify({
      SignedEntryTimestamp: 'MA==',
      Payload: {
        body: 'eyJraW5kIjoiYSIsImFwaVZlcnNpb24iOiIxIn0=',
        integratedTime: 1,
        logIndex: 2,
        logID: 'c0',
      },
    }),
  ),
].filter(({ length }) => length <= LARGEST_SAMPLE);

const begins =
  (...starts: readonly string[]) =>
  (bytes: Buffer): boolean =>
    starts.some(start => bytes.toString('latin1', 0, start.length) === start);
const [GOLDEN_CASE] = goldenOf().cases;
const textOf = (source: ByteSource): string => source.read(0, source.sizeBytes).toString('utf8');

/** A signature as a registry may hold it, whose entry of the log says this. */
const signatureWith = (entry: string) => ({
  payload: Buffer.alloc(0),
  signature: Buffer.alloc(0),
  annotations: {
    'dev.sigstore.cosign/certificate': '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n',
    'dev.sigstore.cosign/bundle': entry,
  },
});

/** What is wrong with a document, where it is refused as it should be. */
function refusalOr(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, 'invalid-input')) return error.message;
    if (hasCode(error, 'invalid-document')) return error.faults.map(({ path }) => path);
    if (error instanceof Error && error.name === 'SyntaxError') return 'no JSON';
    throw error;
  }
}

/** Every parser that untrusted bytes reach. */
export const TARGETS: Readonly<Record<string, Target>> = {
  pickle: {
    read: source => judgePickle(disassemble(source), source, { isAllowed: allowedBy([]) }),
    isSample: begins('\x80', 'c', '('),
  },
  zip: { read: readZipDirectory, isSample: begins('PK') },
  onnx: { read: readOnnx, isSample: begins('\x08') },
  'saved-model': { read: readSavedModel, isSample: begins('\x08') },
  safetensors: {
    read: source => source.sizeBytes > 9 && readSafetensors(source),
    isSample: bytes => bytes[8] === 0x7b,
  },
  gguf: { read: readGguf, isSample: begins('GGUF') },
  npy: { read: readNpy, isSample: begins('\x93') },
  hdf5: { read: findConfigs, isSample: begins('\x89', '{') },
  json: {
    read: source => walkJson(source, { value: () => undefined, duplicate: () => undefined }),
    isSample: begins('{'),
  },
  keras: { read: source => scanKeras(source, { from: 0, to: source.sizeBytes }), isSample: begins('{') },
  tar: { read: readTar, isSample: bytes => bytes.toString('latin1', 257, 262) === 'ustar' },
  code: {
    read: source => [scanCode(textOf(source)), forwardInputs(new Map([['a', textOf(source)]]))],
    isSample: begins('class'),
  },
  'golden-file': {
    read: source => refusalOr(() => parseGolden(parseExactJson(textOf(source))).cases.length),
    isSample: begins('{"apiVersion"'),
  },
  'golden-answer': {
    read: source => GOLDEN_CASE && judgeAnswer(GOLDEN_CASE, { status: 200, text: textOf(source) }),
    isSample: begins('{"model_name"'),
  },
  'signing-config': {
    read: source => refusalOr(() => parseSigningConfig(JSON.parse(textOf(source)), { now: 0 })),
    isSample: begins('{"mediaType"'),
  },
  'signature-entry': {
    read: source => refusalOr(() => bundleOf(signatureWith(textOf(source)), Buffer.alloc(32)) !== undefined),
    isSample: begins('{"SignedEntryTimestamp"'),
  },
  recognise: {
    read: source => {
      const head = source.read(0, Math.min(64, source.sizeBytes));
      return [recognise(source), isGzip(head), isZlib(head, source)];
    },
    isSample: () => true,
  },
};

export function samplesOf({ isSample }: Target): readonly Buffer[] {
  const samples = SAMPLES.filter(isSample);
  return samples.length > 0
    ? samples
    : [Buffer.from('{"class_name":"Lambda","config":{"a":[1,2.5e3,true,null,"\\u00e9"]}}')];
}
