import { connectionRows } from './fault-matrix/connection-rows.ts';
import { testRows } from './fault-matrix/rows.ts';

testRows(connectionRows);
