import type { FileFormat, TensorFacts } from '@modelpier/backstage-plugin-modelpier-common';
import { sliceOf } from '../content/byte-source';
import { readGguf } from '../content/gguf';
import { findConfigs, readHdf5 } from '../content/hdf5';
import { walkJson } from '../content/json';
import { holdsObjects, readNpy } from '../content/npy';
import { readOnnx } from '../content/onnx';
import { readSafetensors } from '../content/safetensors';
import { readSavedModel } from '../content/saved-model';
import { unpack } from '../content/unpack';
import { judgeGguf, judgeSafetensors, judgeSavedModel } from '../scan/scan-graph';
import { scanKeras } from '../scan/scan-keras';
import { judgeOnnx } from '../scan/scan-onnx';
import { Counts } from './counts';
import { ggmlType, numpyTypeName, onnxType, safetensorsType, tensorflowType } from './datatype';
import { examineTar, examineZip } from './examine-archive';
import { examinePickle, examineUnmarked } from './examine-pickle';
import { type Examination, type Examined, hitAll, type Item } from './item';
import { isGzip, isZlib } from './recognise';

type Examine = (item: Item, examination: Examination) => Examined | Promise<Examined>;

const KEPT_OPERATORS = 200;
/** Files of no known format are searched for Keras configurations up to here. */
const SEARCHED_BYTES = 16 * 1024 * 1024;

const done = (format: FileFormat, facts: Examined['facts'] = {}, counts = new Counts()): Examined => ({
  format,
  facts,
  counts,
});

const valuesOf = (
  values: readonly {
    readonly name: string;
    readonly type: number;
    readonly shape: readonly number[] | undefined;
  }[],
  nameType: (type: number) => string | undefined,
): readonly TensorFacts[] =>
  values.map(({ name, type, shape }) => ({ name, datatype: nameType(type), shape }));

function examineOnnx(item: Item, examination: Examination): Examined {
  const model = readOnnx(item.source);
  hitAll(examination, item, judgeOnnx(model, examination.lookUp));
  const counts = new Counts();
  for (const [type, items] of model.types) counts.add(onnxType(type) ?? 'OTHER', items, 0);
  counts.tensors = model.tensors;
  return done(
    'onnx',
    {
      formatVersion: `IR ${model.irVersion}`,
      ...(model.producer !== '' && { producer: model.producer.slice(0, 200) }),
      inputs: valuesOf(
        model.inputs.filter(({ name }) => !model.initializers.has(name)),
        onnxType,
      ),
      outputs: valuesOf(model.outputs, onnxType),
      operators: [...model.operators].sort().slice(0, KEPT_OPERATORS),
      opsets: Object.fromEntries(
        [...model.opsets].map(([domain, version]) => [domain || 'ai.onnx', version]),
      ),
    },
    counts,
  );
}

function examineSavedModel(item: Item, examination: Examination): Examined {
  const model = readSavedModel(item.source);
  hitAll(examination, item, [...judgeSavedModel(model), ...scanConfigs(item)]);
  const signature = model.signatures.find(({ name }) => name === 'serving_default') ?? model.signatures[0];
  return done('savedmodel', {
    formatVersion: String(model.schemaVersion),
    ...(model.producer !== '' && { producer: `tensorflow ${model.producer.slice(0, 200)}` }),
    operators: [...model.operators.keys()].sort().slice(0, KEPT_OPERATORS),
    ...(signature !== undefined && {
      inputs: valuesOf(signature.inputs, tensorflowType),
      outputs: valuesOf(signature.outputs, tensorflowType),
    }),
  });
}

function examineSafetensors(item: Item, examination: Examination): Examined {
  const header = readSafetensors(item.source);
  hitAll(examination, item, judgeSafetensors(header));
  const counts = new Counts();
  for (const { datatype, shape } of header.tensors)
    counts.add(
      safetensorsType(datatype),
      shape.reduce((product, size) => product * size, 1),
    );
  const producer = header.metadata.get('format');
  return done('safetensors', producer === undefined ? {} : { producer: producer.slice(0, 200) }, counts);
}

function examineGguf(item: Item, examination: Examination): Examined {
  const model = readGguf(item.source);
  hitAll(examination, item, judgeGguf(model));
  const counts = new Counts();
  for (const [type, items] of model.types) counts.add(ggmlType(type), items, 0);
  counts.tensors = model.tensors;
  const producer = model.metadata.get('general.architecture')?.value;
  return done(
    'gguf',
    {
      formatVersion: String(model.version),
      ...(typeof producer === 'string' && { producer: producer.slice(0, 200) }),
    },
    counts,
  );
}

function examineNpy(item: Item, examination: Examination): Examined {
  const array = readNpy(item.source);
  const counts = new Counts();
  counts.add(
    numpyTypeName(array.type),
    array.shape.reduce((product, size) => product * size, 1),
  );
  if (holdsObjects(array)) {
    const { source } = item;
    examinePickle(
      { ...item, source: sliceOf(source, array.dataOffset, source.sizeBytes - array.dataOffset) },
      examination,
    );
  }
  return done('npy', { formatVersion: array.version }, counts);
}

const scanConfigs = ({ source }: Item) =>
  findConfigs(source).flatMap(({ from, length }) => scanKeras(source, { from, to: from + length }));

function examineHdf5(item: Item, examination: Examination): Examined {
  const { superblock, configs } = readHdf5(item.source);
  for (const { from, length } of configs)
    hitAll(examination, item, scanKeras(item.source, { from, to: from + length }));
  return done(configs.length > 0 ? 'keras' : 'hdf5', { formatVersion: `superblock ${superblock}` });
}

function examineOther(item: Item, examination: Examination): Examined {
  if (item.source.sizeBytes <= SEARCHED_BYTES) hitAll(examination, item, scanConfigs(item));
  return examineUnmarked(item, examination);
}

/** XGBoost's JSON ends with the version; its binary JSON is only recognised. */
function examineXgboost(item: Item): Examined {
  const { source } = item;
  if (source.read(0, 2).toString('latin1') === '{L') return done('xgboost', { formatVersion: 'UBJSON' });
  const version: number[] = [];
  walkJson(source, {
    value: ([key, index], value) => {
      if (key === 'version' && typeof index === 'number' && index < 3 && typeof value === 'number')
        version.push(value);
    },
  });
  const producer = version.length === 0 ? {} : { producer: `xgboost ${version.join('.')}` };
  return done('xgboost', { formatVersion: 'JSON', ...producer });
}

function examineLightgbm({ source }: Item): Examined {
  const head = source.read(0, Math.min(source.sizeBytes, 64 * 1024)).toString('latin1');
  const version = /^version=([\w.]{1,20})$/m.exec(head)?.[1];
  const last = /^max_feature_idx=(\d{1,9})$/m.exec(head)?.[1];
  return done('lightgbm', {
    ...(version !== undefined && { formatVersion: version }),
    ...(last !== undefined && { inputs: [{ name: 'features', shape: [-1, Number(last) + 1] }] }),
  });
}

async function examineCompressed(item: Item, examination: Examination): Promise<Examined> {
  const { source } = item;
  const head = source.read(0, Math.min(64, source.sizeBytes));
  const compression = isGzip(head) ? 'gzip' : isZlib(head, source) ? 'zlib' : undefined;
  if (compression === undefined) {
    const reason = 'only zlib, gzip and deflate are unpacked; save it without compression';
    examination.hit(item, { rule: 'unread-compression', offset: 0, reason });
    return done('compressed');
  }
  const { scratchFolder, signal } = examination;
  const unpacked = await unpack(source, { compression, scratchFolder, signal });
  try {
    examination.unpacked(unpacked.source.sizeBytes);
    const inner = await examination.examine({ ...item, source: unpacked.source, depth: item.depth + 1 });
    return inner.format === 'other' ? { ...inner, format: 'compressed' } : inner;
  } finally {
    await unpacked.close();
  }
}

function examineNative(item: Item, examination: Examination): Examined {
  examination.hit(item, {
    rule: 'native-code',
    offset: 0,
    reason: 'it is machine code, which no scan here reads',
  });
  return done('native-code');
}

/** How each format is looked into; archives and pickles find out themselves which they are. */
export const EXAMINERS: Partial<Record<FileFormat, Examine>> = {
  zip: examineZip,
  tar: examineTar,
  compressed: examineCompressed,
  pickle: examinePickle,
  onnx: examineOnnx,
  savedmodel: examineSavedModel,
  safetensors: examineSafetensors,
  gguf: examineGguf,
  npy: examineNpy,
  hdf5: examineHdf5,
  xgboost: examineXgboost,
  lightgbm: examineLightgbm,
  'native-code': examineNative,
  other: examineOther,
};
