/** Bytes held by all bodies that a dissection is collecting at the same time. */
export class BodyBudget {
  held = 0;
}
