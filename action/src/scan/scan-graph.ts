import type { Gguf } from '../content/gguf';
import type { SavedModel } from '../content/saved-model';
import type { Safetensors } from '../content/safetensors';
import type { ZipTrick } from '../content/zip/entry';
import type { Hit } from './rules';

/** Operators that take paths from the graph itself; saving and restoring of variables is not among them. */
const FILE_OPERATIONS = new Set([
  ...['ReadFile', 'WriteFile', 'MatchingFiles', 'WholeFileReader', 'WholeFileReaderV2', 'TextLineReader'],
  ...[
    'TextLineReaderV2',
    'FixedLengthRecordReader',
    'FixedLengthRecordReaderV2',
    'TFRecordReader',
    'LoadLibrary',
  ],
  ...[
    'TFRecordReaderV2',
    'TextLineDataset',
    'TFRecordDataset',
    'SaveDataset',
    'LoadDataset',
    'DebugIdentity',
  ],
  ...['SaveDatasetV2', 'LoadDatasetV2', 'DebugIdentityV2', 'DatasetFromGraph', 'SqlDataset'],
]);
const PYTHON_OPERATIONS = new Set(['PyFunc', 'PyFuncStateless', 'EagerPyFunc', 'NumpyFunction']);

export const judgeSavedModel = ({ operators }: SavedModel): readonly Hit[] =>
  [...operators].flatMap(([operator, offset]): readonly Hit[] => {
    if (FILE_OPERATIONS.has(operator))
      return [{ rule: 'tensorflow-file-operation', offset, reason: `the operator ${operator} opens files` }];
    if (PYTHON_OPERATIONS.has(operator))
      return [
        { rule: 'tensorflow-python-operation', offset, reason: `the operator ${operator} calls Python` },
      ];
    return [];
  });

/** Attributes by which a template leaves its sandbox (Jinja, "Sandbox"). */
const INTERNALS =
  /__(?:class|globals|builtins|import|subclasses|mro|base|bases|init|getattribute|code)__|\|\s*attr\s*\(/;

export const judgeGguf = ({ metadata }: Gguf): readonly Hit[] =>
  [...metadata].flatMap(([key, { value, offset }]): readonly Hit[] => {
    if (!key.startsWith('tokenizer.chat_template') || typeof value !== 'string' || !INTERNALS.test(value))
      return [];
    return [
      { rule: 'gguf-template', offset, reason: `${JSON.stringify(key.slice(0, 80))} names Python internals` },
    ];
  });

export const judgeSafetensors = ({ problems }: Safetensors): readonly Hit[] =>
  problems.map(({ offset, detail }) => ({ rule: 'safetensors-header', offset, reason: detail }));

export const judgeTrick = ({ kind, offset, detail }: ZipTrick): Hit => ({
  rule: `zip-${kind}`,
  offset,
  reason: detail,
});
