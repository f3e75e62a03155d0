// `npm run release`: makes perch-VERSION.tgz in the root of the repository.
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack } from './release/release.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const file = await pack(repository, repository);
const { size } = await stat(file);
console.log(
  `${relative(repository, file)}: ${(size / 1e6).toFixed(1)} MB. Try it: npx ./${relative(repository, file)} demo`,
);
