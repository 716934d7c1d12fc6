/* burn MS: computes for that many milliseconds of its own CPU time. */
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
	clock_t end = (clock_t)atoi(argv[argc - 1]) * (CLOCKS_PER_SEC / 1000);
	volatile unsigned long sum = 0;

	while (clock() < end)
		for (unsigned long i = 0; i < 1000000; i++)
			sum += i;
	return 0;
}
