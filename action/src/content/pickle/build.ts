import { readNumpyArray } from './joblib';
import type { Machine } from './machine';
import { isStructure, OPAQUE } from './value';

/** BUILD: gives an object its state. On a class it would change the class for the whole process. */
export function build(machine: Machine): void {
  const state = machine.pop();
  const target = machine.top();
  if (isStructure(target, 'global')) {
    machine.odd(
      'odd-build',
      `the state of ${target.module}.${target.name} itself is set, not that of an object`,
    );
    return;
  }
  if (!isStructure(target, 'object')) return;
  target.state = state;
  if (!readNumpyArray(machine, target)) return;
  machine.pop();
  machine.push(OPAQUE);
}
