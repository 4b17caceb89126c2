/** Wording of the golden check. */
export const enGolden = {
  name: 'Golden check',
  told: 'Golden check {{says}}:',
  says: { passed: 'passed', failed: 'failed', 'not-run': 'not run', notChecked: 'none recorded' },
  why: {
    passed: 'Its pods answered the cases of the golden file as expected. Other inputs were not tried.',
    failed: 'Its pods did not answer the cases of the golden file as expected, or too slowly.',
    'not-run': 'There was no way to ask the cases of the golden file.',
    notChecked: 'No release of this version that the portal knows of was held against a golden file.',
  },
  cases_one: '{{count}} case',
  cases_other: '{{count}} cases',
  p95: 'p95 {{duration}}',
  coldStart: 'cold start {{duration}}',
  at: 'released {{age}}',
  atEnvironment: 'released {{age}} in {{environment}}',
} as const;
