import { type Placement } from '@modelpier/backstage-plugin-modelpier-common';
import { type ExampleTensor } from './example-tensor';

/** Where the generated manifests and the serving runtimes listen. */
const PORT = 8080;
const ADDRESS = `http://127.0.0.1:${PORT}`;

/** Names come from images and clusters: anything but plain characters is quoted for the shell. */
const word = (value: string): string =>
  /^[\w./:@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;

/** Paths of the Open Inference Protocol V2 (kserve/open-inference-protocol, inference_rest.md). */
export const inferPath = (model: string): string => `${metadataPath(model)}/infer`;
const metadataPath = (model: string): string => `/v2/models/${encodeURIComponent(model)}`;

/** Reaches a place where the model runs from one's own machine. */
export const forwardCommand = ({ namespace, workload: { kind, name } }: Placement): string =>
  `kubectl --namespace ${word(namespace)} port-forward ${word(`${kind.toLowerCase()}/${name}`)} ${PORT}`;

export const metadataCommand = (model: string): string =>
  `curl --silent ${word(ADDRESS + metadataPath(model))}`;

/** More values than these are made by a program and not written out. */
const MOST_WRITTEN = 64;

export function curlCommand(model: string, inputs: readonly ExampleTensor[]): string {
  const curl = `curl --silent ${word(ADDRESS + inferPath(model))} --json`;
  if (inputs.every(({ elements }) => elements <= MOST_WRITTEN)) {
    return `${curl} ${word(JSON.stringify(JSON.parse(requestJson(inputs))))}`;
  }
  const listed = inputs.map(input => `{${pythonFields(input).join(', ')}}`).join(', ');
  return `python3 -c ${word(`import json; print(json.dumps({"inputs": [${listed}]}))`)} |\n  ${curl} @-`;
}

/** With Python's own library, so that there is nothing to install. */
export const pythonProgram = (model: string, inputs: readonly ExampleTensor[]): string => `import json
import urllib.request

request = {
    "inputs": [
${inputs.map(input => indent(pythonFields(input))).join('\n')}
    ]
}
call = urllib.request.Request(
    ${JSON.stringify(ADDRESS + inferPath(model))},
    json.dumps(request).encode(),
    {"Content-Type": "application/json"},
)
with urllib.request.urlopen(call) as answer:
    print(json.load(answer)["outputs"])
`;

const indent = (fields: readonly string[]): string =>
  `        {\n${fields.map(field => `            ${field},`).join('\n')}\n        },`;

/** What JSON writes as a text, Python reads as the same text. */
const pythonFields = ({ name, datatype, shape, elements, python }: ExampleTensor): readonly string[] => [
  `"name": ${JSON.stringify(name)}`,
  `"shape": [${shape.join(', ')}]`,
  `"datatype": "${datatype}"`,
  `"data": ${elements === 1 ? `[${python}]` : `[${python}] * ${elements}`}`,
];

/** Of more values than these the first are shown, with what `rest` says of the others. */
const MOST_SHOWN = 8;

/** The body of the request; shortened where `rest` says how, which is for reading only. */
export const requestJson = (
  inputs: readonly ExampleTensor[],
  rest?: (elements: number) => string,
): string => `{
  "inputs": [
${inputs.map(input => tensorJson(input, rest)).join(',\n')}
  ]
}
`;

function tensorJson(
  { name, datatype, shape, elements, json }: ExampleTensor,
  rest: ((elements: number) => string) | undefined,
): string {
  const isShort = rest !== undefined && elements > MOST_SHOWN;
  const written = new Array<string>(isShort ? MOST_SHOWN / 2 : elements).fill(json).join(', ');
  return `    {
      "name": ${JSON.stringify(name)},
      "shape": [${shape.join(', ')}],
      "datatype": "${datatype}",
      "data": [${written}${isShort ? `, ${rest(elements)}` : ''}]
    }`;
}

/** Beyond this a clipboard is the wrong way. */
const MOST_COPIED = 20_000;

export const canBeCopied = (inputs: readonly ExampleTensor[]): boolean =>
  inputs.reduce((sum, { elements }) => sum + elements, 0) <= MOST_COPIED;
