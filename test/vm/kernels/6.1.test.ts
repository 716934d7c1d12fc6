import { describeKernel } from '../describe-kernel.ts';

describeKernel('6.1', 'smoke');
