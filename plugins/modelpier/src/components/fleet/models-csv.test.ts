import { type ModelSummary } from '@modelpier/backstage-plugin-modelpier-common';
import { fleetFixture } from '../../../dev/fleet';
import { csvHead, csvLines } from './models-csv';

const [model] = fleetFixture({ now: new Date('2026-09-01T00:00:00Z'), models: 1 }).models;
const written = (changes: Partial<ModelSummary>) => csvLines([{ ...model!, ...changes }]);

/** Cells by their column, read as a spreadsheet reads them. */
function read(text: string): Readonly<Record<string, string>> {
  const cells = [...text.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(?:,|\r\n)/g)].map(([, cell = '']) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  );
  const names = csvHead().trim().split(',');
  return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? 'missing']));
}

it('writes one line with exact figures for each model', () => {
  const line = written({});
  expect(line.match(/\r\n/g)).toHaveLength(1);
  expect(read(line)).toMatchObject({
    name: 'model-0000',
    owner: 'group:default/vision',
    places: 'production:harbor/apps',
    health: 'Current',
    drift: 'false',
    ready: '3',
    cpu_requested: '1500m',
    cpu_of_fair_share: '0.5',
    memory_used: '',
    gpu_requested: '',
  });
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1'])('makes no formula of %j', title => {
  expect(read(written({ title }))['title']).toBe(`'${title}`);
});

it('keeps quotes, commas and line ends inside their cell', () => {
  const title = 'one, "two"\nthree';
  expect(read(written({ title }))).toMatchObject({ title, owner: 'group:default/vision' });
});

it('leaves empty what is not known', () => {
  expect(read(written({ newest: null, owner: null, replicas: undefined, deployments: [] }))).toMatchObject({
    newest_version: '',
    image_bytes: '',
    owner: '',
    places: '',
    ready: '',
  });
});
