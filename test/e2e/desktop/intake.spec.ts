import { expect, test, type Page } from '@playwright/test';
import { makeCase } from './harness/make-case.ts';
import { showScreen } from './harness/show-screen.ts';
import { words } from './harness/words.ts';
import { goTo, makeWorkstation, panel, type Started, type Workstation } from './harness/workstation.ts';

// The exhibit before the cable: how it came in, what was confirmed, and a second person's signature.
test.describe.configure({ mode: 'serial' });

const say = words.en;
const given = [
  /Redmi 1S, seal 12/,
  /Lin Mei-hua/,
  /Wang/,
  /complainant 12/,
  /Order of/,
  /A 000117/,
  /2014-08-07T10/,
  /E001/,
];
let desk: Workstation;
let started: Started;
let page: Page;

test.beforeAll(async () => {
  desk = makeWorkstation();
  started = await desk.start();
  page = started.page;
  await makeCase(started, desk, 'NCC-2014-9');
});
test.afterAll(async () => {
  await started.close();
  desk.remove();
});

const tab = async (name: 'case' | 'intake'): Promise<void> => {
  await goTo(page, 'handset');
  await page.getByRole('tab', { name: say(`ui.handset.tab-${name}`) }).click();
};
const card = () => panel(page, 'H1 Redmi 1S, seal 12');

test('an empty case leads to the handset first', async () => {
  await tab('intake');
  await expect(page.locator('main')).toContainText(say('ui.intake.none-handset'));
  await page.getByRole('button', { name: say('ui.handset.tab-case') }).click();
  await page
    .getByRole('button', { name: say('ui.case-handsets.add') })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('ui.add-handset.label'), { exact: true }).fill('Redmi 1S, seal 12');
  await dialog.getByRole('button', { name: say('ui.add-handset.add'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
});

test('what is not confirmed stays visible until a new entry confirms it; both entries stay', async () => {
  await tab('intake');
  await expect(card()).toContainText(say('ui.intake.none'));
  await card()
    .getByRole('button', { name: say('ui.intake.record') })
    .click();
  const dialog = page.getByRole('dialog');
  const record = dialog.getByRole('button', { name: say('ui.intake.record') });
  await expect(record).toBeDisabled();
  await dialog.getByLabel(say('ui.intake.exhibit-number'), { exact: true }).fill('NCC-2014-9/1');
  await dialog.getByLabel(say('ui.intake.seal'), { exact: true }).fill('A 000117, whole');
  await dialog.getByLabel(say('ui.intake.received-from'), { exact: true }).fill('complainant 12');
  await dialog.getByLabel(say('ui.intake.received-at'), { exact: true }).fill('2014-08-07T10:00:00Z');
  await dialog.getByLabel(say('ui.intake.authority'), { exact: true }).fill('Order of 2014-08-06');
  await dialog.getByLabel(say('ui.intake.lock'), { exact: true }).selectOption('locked');
  await dialog.getByLabel(say('ui.intake.battery'), { exact: true }).fill('610');
  await expect(record).toBeDisabled();
  await dialog.getByLabel(say('ui.intake.battery'), { exact: true }).fill('61');
  await dialog.getByLabel(say('ui.intake-check.seal')).check();
  await page.screenshot({ path: test.info().outputPath('intake-form.png') });
  await record.click();
  await expect(dialog).toHaveCount(0);
  await expect(card()).toContainText('A 000117, whole');
  await expect(card().getByText(say('ui.intake.not-confirmed'), { exact: true })).toHaveCount(4);

  await card()
    .getByRole('button', { name: say('ui.intake.correct') })
    .click();
  for (const check of ['photographs', 'seal', 'radio', 'authority', 'changes'] as const)
    await dialog.getByLabel(say(`ui.intake-check.${check}`)).check();
  await record.click();
  await expect(card().getByText(say('ui.intake.confirmed'), { exact: true })).toHaveCount(5);
  await expect(card().getByRole('table', { name: say('ui.intake.earlier') })).toContainText('IN1');
});

test('who recorded it cannot sign it; another person can', async () => {
  await expect(card()).toContainText(say('ui.intake.sign-own', { recorder: 'Lin Mei-hua' }));
  await goTo(page, 'case');
  await page.getByRole('button', { name: say('ui.actor.change'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('ui.actor.name'), { exact: true }).fill('Wang Li');
  await dialog.getByRole('button', { name: say('ui.save'), exact: true }).click();
  await tab('intake');
  await card()
    .getByRole('button', { name: say('ui.intake.sign', { actor: 'Wang Li' }) })
    .click();
  await expect(card()).toContainText('Wang Li,');
  await expect(card()).not.toContainText(say('ui.intake.signed-none'));
  await showScreen(page, 'intake', { given });
  expect(started.complaints).toEqual([]);
});
