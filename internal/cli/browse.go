package cli

import (
	"fmt"
	"os/exec"
	"runtime"
)

// browse opens an address in the browser of the desktop.
func browse(url string) error {
	open := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if open == nil {
		open = []string{"xdg-open"}
	}
	command := exec.Command(open[0], append(open[1:], url)...)
	if err := command.Start(); err != nil {
		return fmt.Errorf("expected %s, which opens the browser, found: %w", open[0], err)
	}
	go func() { _ = command.Wait() }()
	return nil
}
