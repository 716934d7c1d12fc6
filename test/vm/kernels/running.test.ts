import { describeKernel } from '../describe-kernel.ts';

describeKernel('running', 'smoke');
