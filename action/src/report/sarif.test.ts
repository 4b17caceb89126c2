import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanResult } from '@modelpier/backstage-plugin-modelpier-common';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
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

const SCHEMA = join(__dirname, '../../../test/fixtures/sarif/sarif-schema-2.1.0.json');

/** What the schema of the standard has against a document; of JSON Schema's draft 4 it uses nothing that changed. */
function faultsOf(document: unknown): readonly string[] {
  const { id, $schema, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Record<string, object>;
  expect([id, $schema]).toEqual([
    expect.stringContaining('sarif-schema-2.1.0'),
    expect.stringContaining('draft-04'),
  ]);
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

it('is valid by the schema of the standard, whatever was found', () => {
  const findings = Object.entries(RULES).flatMap(([rule, { verdict }]) => [
    { rule, verdict, file: 'a/b ü.pt', member: 'm!data.pkl', offset: 7, reason: 'calls os.system' },
    { rule, verdict, file: '../lib%.so', offset: 0, reason: 'it is machine code' },
    { rule, verdict, file: 'c.pt', reason: 'it has "quotes"\nand lines' },
  ]);
  for (const found of [findings, []]) {
    const sarif = renderSarif({ ...SCAN, findings: found }, { folder: 'models/digits', rules: RULES });
    expect(faultsOf(sarif)).toEqual([]);
  }
  const broken = renderSarif({ ...SCAN, verdict: 'safe' }, { folder: '', rules: RULES }) as {
    runs: object[];
  };
  expect(faultsOf({ ...broken, runs: [{ results: [{ level: 'grave' }] }] })).toContain(
    '/runs/0/results/0/level must be equal to one of the allowed values',
  );
});

it('is an empty run where nothing was found', () => {
  const sarif = renderSarif({ ...SCAN, findings: [] }, { folder: '', rules: RULES });

  expect(sarif).toMatchObject({ runs: [{ results: [] }] });
});
