import { scriptedEngine } from './engine/scripted-engine.fixture';
import { removeLeft } from './remove-left';

it('removes the container and the network that a killed run noted, by the engine that made them', async () => {
  const { run, commands } = scriptedEngine({ podman: {} });
  await removeLeft('{"engine":"podman","name":"golden-1"}', run);
  expect(commands).toEqual(['podman rm --force --volumes golden-1', 'podman network rm golden-1']);
});

it('asks no engine where no container was made, and does without one that is gone', async () => {
  const { run, commands } = scriptedEngine({});
  await removeLeft('', run);
  expect(commands).toEqual([]);
  await removeLeft('{"engine":"docker","name":"golden-1"}', run);
  expect(commands).toHaveLength(2);
});
