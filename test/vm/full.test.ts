/** The kernel on which every case runs. A file of its own, so that its guest and those of smoke.test.ts run side by side. */
import { describeKernel } from './describe-kernel.ts';

describeKernel('6.12', 'all');
