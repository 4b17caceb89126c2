import { maskSecrets } from './mask';

const secret = (data: object): Readonly<Record<string, unknown>> => ({ kind: 'Secret', data });

it('shows of a Secret which values change, and none of them', () => {
  const before = secret({ same: 'YQ==', changed: 'Yg==', gone: 'Yw==' });
  const after = secret({ same: 'YQ==', changed: 'ZA==', fresh: 'ZQ==' });
  expect(maskSecrets({ before, after })).toEqual({
    before: secret({ same: '***', changed: '*** (before)', gone: '***' }),
    after: secret({ same: '***', changed: '*** (after)', fresh: '***' }),
  });
});

it('masks the data of a Secret that is new, also as text', () => {
  const after = { kind: 'Secret', stringData: { password: 'hunter2' }, type: 'Opaque' };
  expect(maskSecrets({ before: undefined, after })).toEqual({
    before: undefined,
    after: { kind: 'Secret', stringData: { password: '***' }, type: 'Opaque' },
  });
});

it('masks passwords that stand in the environment of a container, however deep', () => {
  const pod = (value: string): Readonly<Record<string, unknown>> => ({
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'a',
              env: [
                { name: 'DB_PASSWORD', value },
                { name: 'MODE', value: 'x' },
              ],
            },
          ],
        },
      },
    },
  });
  const { before, after } = maskSecrets({ before: pod('old'), after: pod('new') });
  expect([before, after]).toEqual([pod('*** (before)'), pod('*** (after)')]);
});
