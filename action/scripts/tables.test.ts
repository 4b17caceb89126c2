import { readFileSync } from 'node:fs';
import { withTables } from './tables';

const root = `${__dirname}/../..`;

it('finds the tables of README.md as action.yml has them; npm run docs writes them', () => {
  const readme = readFileSync(`${root}/README.md`, 'utf8');
  expect(withTables(readme, readFileSync(`${root}/action.yml`, 'utf8'))).toBe(readme);
});

it('refuses a README without the place for a table', () => {
  expect(() => withTables('# Modelpier', 'inputs: {}\noutputs: {}')).toThrow('<!-- inputs -->');
});
