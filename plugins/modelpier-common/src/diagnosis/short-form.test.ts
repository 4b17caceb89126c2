import { capturedPod, evidenceWith } from './diagnosis.fixture';
import { diagnose } from './diagnose';
import { shortDiagnosis } from './short-form';

it('is one bounded line with cause and remedy', () => {
  const short = shortDiagnosis(diagnose(capturedPod('too-much-cpu'), { isGenerated: true }));
  expect(short).toMatch(/^no node has room for pod .* short; lower `spec\.resources\.cpu` to at most 1900m/);
  const found = diagnose(capturedPod('liveness'), { isGenerated: true }).map(each => ({
    ...each,
    fix: 'x'.repeat(999),
    pods: 3,
  }));
  expect(shortDiagnosis(found)).toHaveLength(400);
  expect(shortDiagnosis(found)).toContain('(3 pods alike)');
});

it('is nothing where there is no diagnosis', () => {
  expect(shortDiagnosis(diagnose(evidenceWith({ objects: [] }), { isGenerated: true }))).toBeUndefined();
});
