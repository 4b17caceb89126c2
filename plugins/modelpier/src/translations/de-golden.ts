/** Der Golden-Check; by the keys of the English wording. */
export const deGolden = {
  'golden.name': 'Golden-Check',
  'golden.told': 'Golden-Check {{says}}:',
  'golden.says.passed': 'bestanden',
  'golden.says.failed': 'nicht bestanden',
  'golden.says.not-run': 'nicht gelaufen',
  'golden.says.notChecked': 'keiner verzeichnet',
  'golden.why.passed':
    'Die Pods haben die Fälle der Golden-Datei wie erwartet beantwortet. Andere Eingaben wurden nicht versucht.',
  'golden.why.failed':
    'Die Pods haben die Fälle der Golden-Datei nicht wie erwartet beantwortet, oder zu langsam.',
  'golden.why.not-run': 'Es gab keinen Weg, nach den Fällen der Golden-Datei zu fragen.',
  'golden.why.notChecked':
    'Kein Release dieser Version, von dem das Portal weiß, wurde an einer Golden-Datei gemessen.',
  'golden.cases_one': '{{count}} Fall',
  'golden.cases_other': '{{count}} Fälle',
  'golden.p95': 'p95 {{duration}}',
  'golden.coldStart': 'Kaltstart {{duration}}',
  'golden.at': 'Release: {{age}}',
  'golden.atEnvironment': 'Release: {{age}}, in {{environment}}',
} as const;
