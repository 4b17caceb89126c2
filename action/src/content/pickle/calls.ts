import type { Machine } from './machine';
import type { Value } from './value';

/** Longer than any module path that Python could import. */
const NAME_LIMIT = 1024;

/** GLOBAL: module and name, a line each. */
export function importByLines(machine: Machine): void {
  const module = machine.cursor.line(NAME_LIMIT).toString('utf8');
  machine.push(machine.importGlobal(module, machine.cursor.line(NAME_LIMIT).toString('utf8')));
}

/** STACK_GLOBAL: what is not two texts cannot be told, and hides what is imported. */
export function importFromStack(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof module === 'string' && typeof name === 'string') {
    machine.push(machine.importGlobal(module, name));
    return;
  }
  machine.odd('unresolved-global', 'a name is imported that does not stand in the file');
  machine.push({ kind: 'opaque' });
}

/** REDUCE, NEWOBJ: a callable and its arguments. */
export function callObject(machine: Machine): void {
  const args = machine.pop();
  machine.push(machine.call(machine.pop(), args));
}

/** OBJ: the class and its arguments since the mark. */
export function callByName(machine: Machine): void {
  const [callee, ...items] = machine.popMark();
  if (callee === undefined) throw machine.fault('an instance has no class');
  machine.odd('old-instance', 'OBJ makes an instance as Python 2 did');
  machine.push(machine.call(callee, { kind: 'tuple', items }));
}

/** INST: the class by its name, the arguments since the mark. */
export function instance(machine: Machine): void {
  const items: Value[] = machine.popMark();
  machine.odd('old-instance', 'INST makes an instance as Python 2 did');
  importByLines(machine);
  machine.push(machine.call(machine.pop(), { kind: 'tuple', items }));
}
