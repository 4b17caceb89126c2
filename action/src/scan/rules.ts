import type { Verdict } from '@modelpier/backstage-plugin-modelpier-common';

interface Rule {
  readonly verdict: Verdict;
  /** One line on what such a file does. */
  readonly title: string;
}

const suspicious = (title: string): Rule => ({ verdict: 'suspicious', title });
const dangerous = (title: string): Rule => ({ verdict: 'dangerous', title });
const noted = (title: string): Rule => ({ verdict: 'executable-format', title });

/** Everything that a scan finds, by the name under which it is reported. */
export const RULES = {
  'pickle-dangerous-global': dangerous('A pickle imports what runs commands or code'),
  'pickle-unknown-global': suspicious('A pickle imports a name that is not on the list of harmless ones'),
  'pickle-unresolved-global': suspicious('A pickle hides the name that it imports'),
  'pickle-extension': suspicious('A pickle imports by a number of the extension registry'),
  'pickle-old-instance': suspicious('A pickle makes instances by INST or OBJ'),
  'pickle-odd-call': suspicious('A pickle calls the result of a call'),
  'pickle-odd-build': suspicious('A pickle changes a class instead of an object'),
  'pickle-nested': suspicious('A pickle lies hidden inside a value of a pickle'),
  'pickle-misplaced-protocol': suspicious('A pickle names its protocol in the middle'),
  'pickle-trailing-data': suspicious('Data follows the end of a pickle'),
  unreadable: suspicious('The content is broken, so that it cannot be checked to its end'),
  'zip-duplicate-name': suspicious('An archive has two entries of one name'),
  'zip-encrypted': suspicious('An archive has an encrypted entry'),
  'zip-headers-differ': suspicious('An archive describes an entry in two ways'),
  'zip-bad-checksum': suspicious('The checksum of an entry is wrong'),
  'zip-bad-size': suspicious('The size of an entry is wrong'),
  'zip-high-ratio': suspicious('An entry unpacks to more than a hundred times its size'),
  'zip-unsafe-name': suspicious('The name of an entry leads out of the archive'),
  'zip-hidden-bytes': suspicious('An archive has bytes that belong to no entry'),
  'zip-overlap': suspicious('Entries of an archive share bytes'),
  'zip-unknown-compression': suspicious('An entry is compressed in a way that is not read'),
  'archive-bomb': dangerous('Content unpacks to far more than it is'),
  'archive-link': suspicious('An archive holds a link'),
  'archive-depth': suspicious('Archives lie too deep in each other'),
  'unread-compression': suspicious('Content is compressed in a way that is not read'),
  'native-code': suspicious('A file is a program or a library of machine code'),
  'torchscript-file-access': dangerous('TorchScript code reads or writes files'),
  'torchscript-custom-operator': noted('TorchScript code needs operators from outside PyTorch'),
  'onnx-external-path': dangerous('External data of ONNX leads out of its folder'),
  'onnx-external-link': dangerous('External data of ONNX is a link'),
  'onnx-external-file': suspicious('External data of ONNX is missing, too short or no plain file'),
  'onnx-external-key': suspicious('External data of ONNX has keys that the format does not know'),
  'onnx-custom-operator': noted('An ONNX model needs operators from outside ONNX'),
  'safetensors-header': suspicious('The header of a safetensors file breaks the rules of the format'),
  'keras-lambda': dangerous('A Keras model has a Lambda layer, which is Python bytecode'),
  'keras-dangerous-object': dangerous('A Keras configuration names what runs commands or code'),
  'keras-unknown-object': suspicious('A Keras configuration names an object from outside Keras'),
  'tensorflow-file-operation': dangerous('A TensorFlow graph reads or writes files'),
  'tensorflow-python-operation': suspicious('A TensorFlow graph calls Python'),
  'gguf-template': dangerous('A chat template reaches for Python internals'),
} as const satisfies Readonly<Record<string, Rule>>;
export type RuleName = keyof typeof RULES;

/** Something found at a place; which file and member it is in, is known to who scanned it. */
export interface Hit {
  readonly rule: RuleName;
  readonly reason: string;
  readonly offset?: number | undefined;
}
