import { isRule, readRule } from './rule';

const faultsOf = (line: string): readonly string[] => {
  const faults: string[] = [];
  const rule = readRule(line.split(','), fault => faults.push(fault));
  expect(rule === undefined).toBe(faults.length > 0);
  return faults;
};

it.each([
  ['type=pep440,pattern={{version}}', 'type=pep440 is not served; served are schedule, semver'],
  ['type=match,pattern=v(.*)', 'type=match is not served'],
  [
    'type=sha,length=long',
    'type=sha has no attribute length; it has type, enable, priority, prefix, suffix, format',
  ],
  ['type=sha,format=tiny', 'format=tiny is neither short nor long'],
  ['type=sha,enable=yes', 'enable=yes is neither true nor false'],
  ['type=sha,priority=high', 'priority=high is no whole number'],
  ['type=sha,type=ref', 'has type twice; one rule is one line'],
  ['type=ref', 'needs event=branch, event=tag or event=pr'],
  ['type=ref,event=release', 'needs event=branch'],
  ['type=semver', 'needs a pattern, such as {{version}}'],
  ['type=semver,pattern={{version}},value=one', 'value=one is no semantic version'],
  ['type=semver,pattern={{prerelease}}', '{{prerelease}} is not served; served are {{raw}}, {{version}}'],
  ['type=raw', 'needs a value'],
  ['type=raw,value={{base_ref}}', '{{base_ref}} is not served'],
  ['type=raw,value={{#if x}}', '{{#if x}} is not served'],
  ["type=raw,value={{date 'YYYYMMDD'}}", 'is another tag each time the commit is built'],
  ['type=schedule,pattern={{date}}', "write {{commit_date 'YYYYMMDD'}}"],
  ["type=raw,value={{commit_date 'dddd'}}", 'needs a format in UTC of YYYY'],
  ["type=raw,value={{commit_date 'YYYY' tz='Asia/Tokyo'}}", 'is not served'],
  ["type=raw,value={{sha 'short'}}", 'takes no argument'],
])('refuses %s', (line, words) => {
  expect(faultsOf(line).join()).toContain(`${line}: `);
  expect(faultsOf(line).join()).toContain(words);
});

it('reports every fault of a line', () => {
  expect(faultsOf('type=semver,enable=1,format=x')).toHaveLength(3);
});

it.each([
  ['type=sha', { type: 'sha', format: 'short', prefix: 'sha-', suffix: '', enable: 'true', priority: 100 }],
  ['type=ref,event=pr', { type: 'ref', event: 'pr', prefix: 'pr-', priority: 600 }],
  ['type=ref,event=pr,prefix=', { prefix: '' }],
  ['TYPE=raw,stable,priority=-3', { type: 'raw', value: 'stable', priority: -3 }],
  ['value=a=b', { type: 'raw', value: 'a=b' }],
  ['type=semver,pattern={{version}},value=', { type: 'semver', value: undefined, priority: 900 }],
])('reads %s', (line, rule) => {
  expect(readRule(line.split(','), () => undefined)).toMatchObject(rule);
});

it('tells a rule from tags', () => {
  expect(isRule(['1.0.0', 'latest'])).toBe(false);
  expect(isRule(['latest', 'enable=false'])).toBe(true);
});
