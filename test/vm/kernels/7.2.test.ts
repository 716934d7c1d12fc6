import { describeKernel } from '../describe-kernel.ts';

describeKernel('7.2', 'smoke');
