import { describeKernel } from '../describe-kernel.ts';

describeKernel('5.10', 'smoke');
