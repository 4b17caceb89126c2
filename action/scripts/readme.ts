/** `npm run docs`: writes the tables of inputs and outputs into README.md; `action.yml` is their source. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from './tables';

const root = join(import.meta.dirname, '../..');
const readme = join(root, 'README.md');
writeFileSync(
  readme,
  withTables(readFileSync(readme, 'utf8'), readFileSync(join(root, 'action.yml'), 'utf8')),
);
