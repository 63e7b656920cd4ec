import { testRows } from './fault-matrix/rows.ts';
import { serverRows } from './fault-matrix/server-rows.ts';

testRows(serverRows);
