import { expect, test } from 'vitest';
import { connectionRows } from './fault-matrix/connection-rows.ts';
import { endlessRows, limitRows } from './fault-matrix/limit-rows.ts';
import { columns } from './fault-matrix/rows.ts';
import { serverRows } from './fault-matrix/server-rows.ts';

/** The faults that a handset, a cable, an adb server and a disk can have; a row or a cell that is lost shows here. */
const table = [
  'the cable is pulled at any byte: acquisition ×10, capture, pull ×5, idle',
  'the handset reboots: acquisition, capture, pull, idle',
  'the screen is locked: acquisition, pull',
  'the authorisation expires or is revoked: acquisition, pull, idle',
  'the adb server is killed: acquisition ×2, capture, pull, idle',
  'two programs fight for adb: acquisition ×2, capture, pull, idle',
  'the storage of the handset is full: acquisition, pull',
  'the disk of the workstation is full: acquisition, capture, pull',
  'the clock of the handset is set: acquisition, capture',
  'the handset stays attached and says nothing: acquisition ×2, capture, pull, idle',
  'an answer never ends: acquisition, capture ×3, pull',
];

test('every fault has its row, every cell is tried or says why it cannot occur', () => {
  const rows = [...connectionRows, ...serverRows, ...limitRows, ...endlessRows];
  const tried = rows.map(({ fault, cells }) => {
    const words = columns.flatMap((column) => {
      const cell = cells[column];
      if ('cannot' in cell) return [];
      const count = Object.keys(cell.tries).length;
      return [count === 1 ? column : `${column} ×${count}`];
    });
    return `${fault}: ${words.join(', ')}`;
  });
  expect(tried).toEqual(table);
  for (const { fault, cells } of rows) {
    for (const column of columns) {
      const cell = cells[column];
      if ('cannot' in cell) expect(cell.cannot.length, `${fault}, ${column}`).toBeGreaterThan(40);
      else expect(Object.keys(cell.tries).length).toBeGreaterThan(0);
    }
  }
});
