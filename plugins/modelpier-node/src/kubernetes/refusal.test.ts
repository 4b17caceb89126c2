// cspell:ignore imgae replcias
import { refusal } from './refusal';

const refused = (status: number, message: string): ReturnType<typeof refusal> =>
  refusal(
    {
      server: 'cluster.test',
      status,
      headers: {},
      text: '',
      json: { kind: 'Status', message, code: status },
    },
    'apply Deployment/apps/mnist',
  );

it('tells every undeclared field that the server names, on one line', () => {
  const error = refused(
    500,
    'failed to create typed patch object: errors:\n  .spec.containers[name="main"].imgae: field not declared in schema\n  .spec.replcias: field not declared in schema',
  );
  expect(error.message).toBe(
    'apply Deployment/apps/mnist: INVALID: .spec.containers[name="main"].imgae: field not declared in schema; .spec.replcias: field not declared in schema',
  );
  expect(error).toMatchObject({
    code: 'invalid-document',
    faults: [{ path: 'spec.containers[name="main"].imgae' }, { path: 'spec.replcias' }],
  });
});

it('tells them as newer servers write them', () => {
  const error = refused(
    500,
    'failed to create typed patch object (apps/mnist; apps/v1, Kind=Deployment): .spec.replcias: field not declared in schema',
  );
  expect(error.faults).toEqual([{ path: 'spec.replcias', message: 'field not declared in schema' }]);
});

it('tells what strict decoding found', () => {
  const error = refused(
    400,
    'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replcias", duplicate field "spec.template"',
  );
  expect(error).toMatchObject({
    code: 'invalid-document',
    faults: [
      { path: 'spec.replcias', message: 'unknown field' },
      { path: 'spec.template', message: 'duplicate field' },
    ],
  });
});
