import { screen, within } from '@testing-library/react';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFixture } from '../../dev/fixtures';
import { renderModelPage } from '../../dev/model-page';
import de from './de';
import { en } from './en';

type Nested = { readonly [key: string]: string | Nested };

const flatten = (messages: Nested, path = ''): [key: string, message: string][] =>
  Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : flatten(value, `${path}${key}.`),
  );

const english = new Map(flatten(en));
const german = new Map(Object.entries(de));
const placeholders = (message = '') => [...new Set(message.match(/\{\{\w+\}\}/g))].sort();

/** Every quoted text of the sources, with a wildcard where a part of it is worked out. */
function quotedTexts(): RegExp[] {
  const folder = join(__dirname, '..');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.tsx?$/.test(path) && !path.includes('.test.') && !path.startsWith('translations'))
    .flatMap(
      path =>
        readFileSync(join(folder, path), 'utf8').match(/'[\w.-]+'|`[\w.-]+(?:[\w.-]|\$\{[^`{}]+\})*`/g) ?? [],
    )
    .map(quoted => {
      const parts = quoted.slice(1, -1).split(/\$\{[^}]*\}/);
      return new RegExp(`^${parts.map(part => part.replaceAll('.', '\\.')).join('[\\w-]+')}$`);
    });
}

it('says everything in German, and nothing that English does not have', () => {
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
});

it.each([...english])('fills the same places of %s in German', (key, message) => {
  expect(placeholders(german.get(key))).toEqual(placeholders(message));
  expect(german.get(key)).not.toBe('');
});

it('has no wording that nobody uses', () => {
  const used = quotedTexts();
  const unused = [...english.keys()].filter(key => {
    const singular = key.replace(/_(zero|one|other)$/, '');
    return !used.some(pattern => pattern.test(singular));
  });
  expect(unused).toEqual([]);
});

it('shows the page in German to who chose it', async () => {
  renderModelPage({ fixture: modelFixture({ now: new Date() }), tab: 'deployments', language: 'de' });
  expect(await screen.findByRole('tab', { name: de['tab.reuse'] })).toBeVisible();
  const label = de['releases.label'].replace('{{name}}', 'Handwritten digits');
  const timeline = await screen.findByRole('list', { name: label });
  expect(within(timeline).getByText('vor 38 min')).toBeVisible();
  expect(within(timeline).getByText(de['releases.verdict.rolled-back'])).toBeVisible();
});
