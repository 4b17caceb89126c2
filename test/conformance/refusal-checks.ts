import { applicable, demand } from './breach';
import { type Check, recommended, required } from './check';
import { type SampleTensor } from './sample';
import { type Answer, demandRefusal, json, type Subject } from './subject';

/** The protocol: "typically 400"; 422 is what frameworks answer to a body of the wrong form. */
const BAD_REQUEST = [400, 422] as const;

/** A check that sends a bad request and demands a refusal. */
const refuses = (title: string, body: (inputs: readonly SampleTensor[]) => object | string): Check =>
  required(`refuses ${title}`, async subject => {
    const built = body(await subject.inputs());
    demandRefusal(await subject.post(built), BAD_REQUEST);
  });

/** The same inputs with the first one changed. */
const changeFirst = (
  [first, ...rest]: readonly SampleTensor[],
  change: (input: SampleTensor) => object,
): object => ({ inputs: first === undefined ? [] : [{ ...first, ...change(first) }, ...rest] });

/** The first input whose data type passes, or the check does not apply. */
async function inputOf(subject: Subject, passes: (datatype: string) => boolean): Promise<SampleTensor> {
  const found = (await subject.inputs()).find(({ datatype, data }) => passes(datatype) && data.length > 0);
  applicable(found !== undefined, 'the model has no input of such a data type');
  return found;
}

async function postElement(subject: Subject, input: SampleTensor, literal: string): Promise<Answer> {
  const marker = '"modelpier-element"';
  const inputs = (await subject.inputs()).map(other =>
    other.name === input.name ? { ...input, data: ['modelpier-element', ...input.data.slice(1)] } : other,
  );
  return subject.post(JSON.stringify({ inputs }).replace(marker, literal));
}

const isReal = (datatype: string): boolean => datatype.startsWith('FP');
const isInteger = (datatype: string): boolean => /^U?INT\d+$/.test(datatype);

export const refusalChecks: readonly Check[] = [
  refuses('a body that is not JSON', () => '{"inputs": ['),
  refuses('a request without inputs', () => ({})),
  refuses('a request that lacks an input', inputs => ({ inputs: inputs.slice(1) })),
  refuses('an input that the model does not have', inputs => ({
    inputs: [...inputs.slice(1), { ...inputs[0], name: 'modelpier-no-such-input' }],
  })),
  refuses('an unknown data type', inputs => changeFirst(inputs, () => ({ datatype: 'FLOAT' }))),
  refuses('a data type other than the declared', inputs =>
    changeFirst(inputs, ({ datatype }) => ({ datatype: datatype === 'BYTES' ? 'FP32' : 'BYTES' })),
  ),
  refuses('data shorter than its shape', inputs =>
    changeFirst(inputs, ({ shape, data }) => ({ shape: [...shape], data: data.slice(1) })),
  ),
  refuses('data longer than its shape', inputs =>
    changeFirst(inputs, ({ data }) => ({ data: [...data, data[0]] })),
  ),
  refuses('a shape of more dimensions than declared', inputs =>
    changeFirst(inputs, ({ shape }) => ({ shape: [...shape, 1] })),
  ),
  refuses('a negative size in a shape', inputs =>
    changeFirst(inputs, ({ shape }) => ({ shape: shape.map(() => -1) })),
  ),
  refuses('an output that the model does not have', inputs => ({
    inputs,
    outputs: [{ name: 'modelpier-no-such-output' }],
  })),
  required('refuses text among numbers', async subject => {
    const input = await inputOf(subject, datatype => isReal(datatype) || isInteger(datatype));
    demandRefusal(await postElement(subject, input, '"ten"'), BAD_REQUEST);
  }),
  required('refuses NaN, which JSON does not have', async subject => {
    const input = await inputOf(subject, isReal);
    demandRefusal(await postElement(subject, input, 'NaN'), BAD_REQUEST);
  }),
  required('refuses a number that its integer type cannot hold', async subject => {
    const input = await inputOf(subject, isInteger);
    demandRefusal(await postElement(subject, input, '1e30'), BAD_REQUEST);
    demandRefusal(await postElement(subject, input, '99999999999999999999'), BAD_REQUEST);
  }),
  recommended('answers JSON even where the result is not a finite number', async subject => {
    const input = await inputOf(subject, datatype => datatype === 'FP32' || datatype === 'FP64');
    const inputs = (await subject.inputs()).map(other =>
      other.name === input.name ? { ...input, data: input.data.map(() => 3e38) } : other,
    );
    json(await subject.post({ inputs }));
  }),
  recommended('answers 405 or 404 with {"error"} to GET on the inference path', async subject => {
    demandRefusal(await subject.ask(subject.modelPath('/infer')), [404, 405]);
  }),
  required('still answers after all of these', async subject => {
    const { status } = await subject.ask('/v2/health/ready');
    demand(status === 200, `expected HTTP 200, got ${status}`);
    await subject.infer({ inputs: await subject.inputs() });
  }),
];
