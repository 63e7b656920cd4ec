import { endlessRows } from './fault-matrix/limit-rows.ts';
import { testRows } from './fault-matrix/rows.ts';

testRows(endlessRows);
