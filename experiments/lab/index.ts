// The door of labs: containerlab files in, scenarios and plans out.

export { isLab, type Lab, labOf, readLab } from './clab.js';
export { labPlan, labScenario } from './lab-plan.js';
