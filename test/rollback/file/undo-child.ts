import { readFileSync } from 'node:fs';
import { Scene, type Taken } from './scene.ts';

/** Captures an action, or puts back what one did, in a scene that another process has set up. */
const [, , home = '', work = '', file = ''] = process.argv;
const scene = Scene.of(home);
const given: unknown = JSON.parse(readFileSync(file, 'utf8'));
if (work === 'restore') scene.restore(given as Taken);
else scene.capture('file.delete', given as Record<string, unknown>);
