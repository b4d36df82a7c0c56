package report

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// newest leaves out controls of a framework's older versions: a person wants to
// know of cis-aws-7.0/4.2, and not of the five numbers it had before. Machines
// get them all.
func newest(controls []string) []string {
	latest := map[string][]int{}
	for _, c := range controls {
		name, version := frameworkOf(c)
		if slices.Compare(version, latest[name]) > 0 {
			latest[name] = version
		}
	}
	return slices.DeleteFunc(slices.Clone(controls), func(c string) bool {
		name, version := frameworkOf(c)
		return slices.Compare(version, latest[name]) < 0
	})
}

// frameworkOf reads "cis-aws-7.0/4.2" as cis-aws and [7 0].
func frameworkOf(control string) (name string, version []int) {
	framework, _, _ := strings.Cut(control, "/")
	versioned := regexp.MustCompile(`^(.+)-(\d+(?:\.\d+)*)$`).FindStringSubmatch(framework)
	if versioned == nil {
		return framework, nil
	}
	for part := range strings.SplitSeq(versioned[2], ".") {
		n, err := strconv.Atoi(part)
		if err != nil { // a number too large for a version
			return framework, nil
		}
		version = append(version, n)
	}
	return versioned[1], version
}
