/* dup N: has the kernel make descriptor 900 N times (each call gives 900), and prints `done`. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 1;

	for (int i = 0; i < count; i++) {
		if (fcntl(1, F_DUPFD, 900) != 900)
			return 1;
		close(900);
	}
	puts("done");
	return 0;
}
