import { applicable, demand } from './breach';
import { type Check, recommended, required } from './check';
import { modelMetadata, serverMetadata } from './protocol';
import { demandRefusal, read } from './subject';

/** A name that no server has. */
const NOWHERE = 'modelpier-conformance-no-such-name';

export const metadataChecks: readonly Check[] = [
  required('GET /v2 names the server, its version and its extensions', async subject => {
    read(await subject.ask('/v2'), serverMetadata);
  }),
  recommended('GET /v2/ answers as GET /v2: the text has one, the OpenAPI file the other', async subject => {
    read(await subject.ask('/v2/'), serverMetadata);
  }),
  required('describes the model under the name asked for', async subject => {
    const { name, inputs, outputs } = await subject.metadata();
    demand(name === subject.model, `got the name ${JSON.stringify(name)}`);
    demand(inputs.length > 0 && outputs.length > 0, 'a model has at least one input and one output');
  }),
  required('gives sizes from 0, or -1 for any, and each tensor its own name', async subject => {
    const { inputs, outputs } = await subject.metadata();
    for (const tensors of [inputs, outputs]) {
      const names = tensors.map(({ name }) => name);
      demand(new Set(names).size === names.length, `a name is given twice: ${names.join(', ')}`);
      for (const { name, shape } of tensors)
        demand(
          shape.every(size => size >= -1),
          `${name} has the shape [${shape.join(', ')}]`,
        );
    }
  }),
  required('describes the version as it describes the model', async subject => {
    const version = await subject.version();
    applicable(version !== undefined, 'the server keeps no versions');
    const described = read(await subject.ask(subject.modelPath('', version)), modelMetadata);
    demand(described.name === subject.model, `got the name ${JSON.stringify(described.name)}`);
  }),
  required('refuses a model that it does not serve', async subject => {
    demandRefusal(await subject.ask(`/v2/models/${NOWHERE}`));
    demandRefusal(await subject.ask(`/v2/models/${NOWHERE}/infer`, { method: 'POST', body: '{}' }));
  }),
  required('refuses a version that it does not serve', async subject => {
    demandRefusal(await subject.ask(subject.modelPath('', NOWHERE)));
    demandRefusal(await subject.post({ inputs: await subject.inputs() }, NOWHERE));
  }),
];
