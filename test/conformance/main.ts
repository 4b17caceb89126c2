import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { list, object, parseWith, text, unknownValue } from '@modelpier/backstage-plugin-modelpier-common';
import { conforms, runConformance } from './run-conformance';
import { type SampleTensor } from './sample';
import { renderTable } from './table';

const USAGE = `usage: main.ts <base URL> <model> [--version V] [--inputs golden/input.json] [--strict]

Asks an inference server whether it keeps the Open Inference Protocol V2 (REST).
--inputs  a request that the model answers; by default one is made up from its metadata
--strict  count what is only recommended as well
Exit code: 0 it conforms, 1 it does not, 2 the call was wrong.`;

async function readInputs(path: string): Promise<readonly SampleTensor[]> {
  const tensor = object({ name: text, datatype: text, shape: list(unknownValue), data: list(unknownValue) });
  const document: unknown = JSON.parse(await readFile(path, 'utf8'));
  const { inputs } = parseWith(object({ inputs: list(tensor) }), document, path);
  return inputs.map(input => ({ ...input, shape: input.shape.map(Number), data: input.data.flat(Infinity) }));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      version: { type: 'string' },
      inputs: { type: 'string' },
      strict: { type: 'boolean', default: false },
    },
  });
  const [baseUrl, model] = positionals;
  if (baseUrl === undefined || model === undefined || positionals.length > 2) {
    console.error(USAGE);
    return 2;
  }
  const results = await runConformance({
    baseUrl,
    model,
    fetch,
    ...(values.version === undefined ? {} : { version: values.version }),
    ...(values.inputs === undefined ? {} : { inputs: await readInputs(values.inputs) }),
  });
  console.log(renderTable(results));
  return conforms(results, values.strict) ? 0 : 1;
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
