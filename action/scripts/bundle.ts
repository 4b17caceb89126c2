/** `npm run build [-- FOLDER]`: bundles the action with all it needs into `dist/`, or into another folder. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
const output = resolve(argv[2] ?? dist);

/**
 * The official client's 14 MB of generated models have no side effects, but its package.json does not say so, and the
 * bundler then keeps all of them for the kubeconfig loader alone.
 */
function declarePure(packageName: string): void {
  const path = join(root, 'node_modules', packageName, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, `${JSON.stringify({ ...manifest, sideEffects: false }, null, 2)}\n`);
}

declarePure('@kubernetes/client-node');
if (output === dist) rmSync(dist, { recursive: true, force: true });
execFileSync(
  'ncc',
  ['build', 'src/index.ts', '--out', output, '--license', 'licenses.txt', '--transpile-only', '--no-cache'],
  { cwd: join(root, 'action'), stdio: 'inherit' },
);
// A step that is killed in its first moments has left no note, and the bundle would take its post step for it.
writeFileSync(
  join(output, 'post.js'),
  "process.env.STATE_begun ||= 'unknown';\nawait import('./index.js');\n",
);
