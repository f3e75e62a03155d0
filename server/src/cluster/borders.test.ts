import { withinProcess } from './local.ts';
import { borderContract } from './support/border.contract.ts';
import { overBytes } from './support/over-bytes.ts';

borderContract('within the process', withinProcess);
borderContract('over bytes', overBytes);
