package cli_test

import (
	"fmt"
	"os/exec"
	"sync"
)

// python is a Python that has NumPy; "" where there is none.
var python = sync.OnceValue(func() string {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import numpy").Run() == nil {
			return name
		}
	}
	return ""
})

// condition is what scripts may ask besides the usual.
func condition(asked string) (bool, error) {
	if asked != "numpy" {
		return false, fmt.Errorf("unknown condition %q", asked)
	}
	return python() != "", nil
}
