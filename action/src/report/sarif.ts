import {
  formatPlace,
  type ScanFinding,
  type ScanResult,
  type Verdict,
} from '@modelpier/backstage-plugin-modelpier-common';

interface Rule {
  readonly verdict: Verdict;
  readonly title: string;
}

interface SarifContext {
  /** Of the model, inside the repository. */
  readonly folder: string;
  readonly rules: Readonly<Record<string, Rule>>;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const LEVELS = {
  safe: 'none',
  'executable-format': 'note',
  suspicious: 'warning',
  dangerous: 'error',
} as const;
/** GitHub ranks alerts of security by a number of CVSS. */
const SEVERITIES = { safe: '0.0', 'executable-format': '2.0', suspicious: '6.0', dangerous: '9.0' } as const;
const HELP = 'https://github.com/modelpier/modelpier/blob/main/docs/model-safety.md';

/** The findings as SARIF 2.1.0 (OASIS), with what GitHub code scanning asks for beyond. */
export function renderSarif({ findings }: ScanResult, { folder, rules }: SarifContext): unknown {
  const used = [...new Set(findings.map(({ rule }) => rule))].sort();
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Modelpier',
            informationUri: 'https://github.com/modelpier/modelpier',
            rules: used.map(id => renderRule(id, rules[id])),
          },
        },
        results: findings.map(finding => ({
          ...renderFinding(finding, folder),
          ruleIndex: used.indexOf(finding.rule),
        })),
      },
    ],
  };
}

function renderRule(id: string, { title, verdict }: Rule = { title: id, verdict: 'dangerous' }): unknown {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    helpUri: HELP,
    help: { text: `${title}. See ${HELP}` },
    defaultConfiguration: { level: LEVELS[verdict] },
    properties: { tags: ['security', 'model'], 'security-severity': SEVERITIES[verdict] },
  };
}

function renderFinding(finding: ScanFinding, folder: string): object {
  const { rule, verdict, file, member, offset, reason } = finding;
  const uri = [...folder.split(/[/\\]/), ...file.split('/')]
    .filter(part => part !== '')
    .map(encodeURIComponent)
    .join('/');
  // The first line, for GitHub shows nothing without one; the byte says where it is.
  const region = {
    startLine: 1,
    ...(member === undefined && offset !== undefined && { byteOffset: offset }),
  };
  return {
    ruleId: rule,
    level: LEVELS[verdict],
    message: { text: `${formatPlace(finding)}: ${reason}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region },
        ...(member !== undefined && {
          logicalLocations: [{ fullyQualifiedName: `${file}!${member}`, kind: 'member' }],
        }),
      },
    ],
    partialFingerprints: { 'modelpier/v1': `${rule}:${file}:${member ?? ''}:${reason}` },
  };
}
