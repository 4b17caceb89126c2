import { applicable, demand } from './breach';
import { type Check, required } from './check';
import { type InferResponse, type Tensor, type TensorMetadata } from './protocol';
import { elementCount, flatten, nest } from './sample';

/** Two runs of one model differ by this much at most, relative to the larger number. */
const TOLERANCE = 1e-4;

export const inferChecks: readonly Check[] = [
  required('answers an inference, and names its model', async subject => {
    const { model_name: name, outputs } = await subject.infer({ inputs: await subject.inputs() });
    demand(name === subject.model, `got model_name ${JSON.stringify(name)}`);
    demand(outputs.length > 0, 'got no outputs');
  }),
  required('answers all outputs that its metadata declares, as declared', async subject => {
    const { outputs: declared } = await subject.metadata();
    const { outputs } = await subject.infer({ inputs: await subject.inputs() });
    for (const spec of declared) demandDeclared(outputs, spec);
  }),
  required('gives each output as many elements as its shape holds', async subject => {
    const { outputs } = await subject.infer({ inputs: await subject.inputs() });
    for (const { name, shape, data } of outputs) {
      const [given, held] = [flatten(data).length, elementCount(shape)];
      demand(given === held, `${name}: the shape [${shape.join(', ')}] holds ${held}, got ${given}`);
    }
  }),
  required('answers an inference as JSON', async subject => {
    const { contentType } = await subject.post({ inputs: await subject.inputs() });
    demand(/^application\/json\b/i.test(contentType), `got the content type ${JSON.stringify(contentType)}`);
  }),
  required('gives the id back', async subject => {
    const { id } = await subject.infer({ id: 'conformance-42', inputs: await subject.inputs() });
    demand(id === 'conformance-42', `sent "conformance-42", got ${JSON.stringify(id)}`);
  }),
  required('takes nested data as it takes flat data', async subject => {
    const inputs = await subject.inputs();
    const nested = inputs.map(input => ({ ...input, data: nest(input.data, input.shape) }));
    demandSame(await subject.infer({ inputs }), await subject.infer({ inputs: nested }));
  }),
  required('answers only the outputs asked for', async subject => {
    const { outputs: declared } = await subject.metadata();
    for (const { name } of declared) {
      const { outputs } = await subject.infer({ inputs: await subject.inputs(), outputs: [{ name }] });
      const names = outputs.map(output => output.name);
      demand(names.length === 1 && names[0] === name, `asked for ${name}, got ${names.join(', ')}`);
    }
  }),
  required('takes parameters that are text, numbers and booleans', async subject => {
    const parameters = { 'modelpier.text': 'a', 'modelpier.number': 1.5, 'modelpier.flag': true };
    await subject.infer({ parameters, inputs: await subject.inputs() });
  }),
  required('answers an inference asked of the version', async subject => {
    const version = await subject.version();
    applicable(version !== undefined, 'the server keeps no versions');
    const { model_version: answered } = await subject.infer({ inputs: await subject.inputs() }, version);
    demand(
      answered === undefined || answered === version,
      `asked for ${version}, got model_version ${JSON.stringify(answered)}`,
    );
  }),
  required('names a version that its metadata lists, or none', async subject => {
    const { versions } = await subject.metadata();
    const { model_version: answered } = await subject.infer({ inputs: await subject.inputs() });
    const listed = answered === undefined || versions === undefined || versions.includes(answered);
    demand(listed, `got model_version ${JSON.stringify(answered)}, listed are ${versions?.join(', ')}`);
  }),
];

function demandDeclared(outputs: InferResponse['outputs'], spec: TensorMetadata): void {
  const output = outputs.find(({ name }) => name === spec.name);
  demand(output !== undefined, `${spec.name} is declared, it was not answered`);
  const fits =
    output.datatype === spec.datatype &&
    output.shape.length === spec.shape.length &&
    spec.shape.every((size, at) => size === -1 || size === output.shape[at]);
  const show = ({ datatype, shape }: TensorMetadata) => `${datatype} [${shape.join(', ')}]`;
  demand(fits, `${spec.name} is declared ${show(spec)}, answered ${show(output)}`);
}

function demandSame(flat: InferResponse, nested: InferResponse): void {
  for (const output of flat.outputs) {
    const other = nested.outputs.find(({ name }) => name === output.name);
    demand(other !== undefined && isSame(output, other), `${output.name} differs between the two`);
  }
}

function isSame(one: Tensor, other: Tensor): boolean {
  const [a, b] = [flatten(one.data), flatten(other.data)];
  return a.length === b.length && a.every((value, at) => isClose(value, b[at]));
}

function isClose(one: unknown, other: unknown): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return one === other;
  return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(one), Math.abs(other));
}
