import type { ScanResult } from '@modelpier/backstage-plugin-modelpier-common';
import { RULES } from '../scan/rules';
import { renderSarif } from './sarif';

const SCAN: ScanResult = {
  policy: 'block',
  verdict: 'dangerous',
  files: 2,
  omitted: 0,
  findings: [
    {
      rule: 'pickle-dangerous-global',
      verdict: 'dangerous',
      file: 'a b.pt',
      member: 'm/data.pkl',
      offset: 7,
      reason: 'calls os.system',
    },
    { rule: 'native-code', verdict: 'suspicious', file: 'lib.so', offset: 0, reason: 'it is machine code' },
  ],
};

it('tells code scanning where each finding is and how grave', () => {
  const sarif = renderSarif(SCAN, { folder: 'models/digits', rules: RULES });

  expect(sarif).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            rules: [
              { id: 'native-code' },
              { id: 'pickle-dangerous-global', properties: { 'security-severity': '9.0' } },
            ],
          },
        },
        results: [
          {
            ruleId: 'pickle-dangerous-global',
            ruleIndex: 1,
            level: 'error',
            message: { text: 'a b.pt: m/data.pkl at byte 7: calls os.system' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'models/digits/a%20b.pt' },
                  region: { startLine: 1 },
                },
              },
            ],
          },
          { ruleId: 'native-code', ruleIndex: 0, level: 'warning' },
        ],
      },
    ],
  });
});

it('is an empty run where nothing was found', () => {
  const sarif = renderSarif({ ...SCAN, findings: [] }, { folder: '', rules: RULES });

  expect(sarif).toMatchObject({ runs: [{ results: [] }] });
});
