package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vigil-audit/terraform-provider-vigil/internal/item"
)

// locate finds the Region and account of a resource as far as the plan knows:
// its own attribute (hashicorp/aws 6), its ARN, else its provider's
// configuration. A Region that is itself unknown stays empty.
func (a *assembler) locate(b *builder) (region, account string) {
	values := b.resource.values.object()
	region, account = splitARN(values["arn"].text())
	if account == "" {
		account = values["owner_id"].text()
	}
	if b.awaitsRegion() {
		return "", account
	}
	if own := values["region"].text(); own != "" {
		region = own
	}
	providerRegion, providerAccount := a.provider(b)
	if region == "" {
		region = providerRegion
	}
	if account == "" {
		account = providerAccount
	}
	return region, account
}

// awaitsRegion tells that the configuration gives the resource a Region of its
// own that is not known yet.
func (b *builder) awaitsRegion() bool {
	own := b.resource.values.object()["region"]
	return own != nil && own.unknown && b.sets("region")
}

func (b *builder) sets(attribute string) bool {
	_, set := b.expression(attribute)
	return set
}

// splitARN gives the Region and account of arn:partition:service:region:account:...
func splitARN(arn string) (region, account string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return "", ""
	}
	return parts[3], parts[4]
}

// provider reads the provider configuration behind a resource: its Region, and
// the account that it is confined to.
func (a *assembler) provider(b *builder) (region, account string) {
	if b.config == nil {
		return "", ""
	}
	config, ok := a.doc.config.ProviderConfig[b.config.ProviderConfigKey]
	if !ok {
		return "", ""
	}
	s := a.doc.config.scopeOf(item.SplitAddress(config.ModuleAddress))
	constant := func(path ...any) any {
		e, _ := expressionAt(config.Expressions, path)
		return a.resolver.constant(s, e, a.doc.variables)
	}
	region, _ = constant("region").(string)
	if role, ok := constant("assume_role", 0, "role_arn").(string); ok {
		_, account = splitARN(role)
	}
	if allowed, ok := constant("allowed_account_ids").([]any); ok && len(allowed) == 1 {
		account, _ = allowed[0].(string)
	}
	return region, account
}

// siblings completes what is not known of a resource: where all others of its
// provider configuration are in one account, and in one Region, so is it.
func (a *assembler) siblings() {
	fill := func(of func(*draft) *string) {
		known := map[string][]string{}
		for _, d := range a.drafts {
			key := d.provider()
			if v := *of(d); v != "" && !slices.Contains(known[key], v) {
				known[key] = append(known[key], v)
			}
		}
		for _, d := range a.drafts {
			if only := known[d.provider()]; *of(d) == "" && len(only) == 1 {
				*of(d) = only[0]
			}
		}
	}
	fill(func(d *draft) *string { return &d.account })
	fill(func(d *draft) *string {
		if d.builder.awaitsRegion() {
			return new(string)
		}
		return &d.region
	})
}

func (d *draft) provider() string {
	if d.builder.config == nil {
		return ""
	}
	return d.builder.config.ProviderConfigKey
}

// accountAndRegion is where an item is.
type accountAndRegion struct{ account, region string }

// accountItems gives one item per account and Region that the items are in.
func accountItems(items []*item.Item, source item.SourceKind) []*item.Item {
	var accounts []*item.Item
	for _, at := range whereabouts(items) {
		accounts = append(accounts, &item.Item{
			Type: item.AccountType, ID: at.account, Account: at.account, Region: at.region,
			Configuration: map[string]any{}, Source: item.Source{Kind: source},
		})
	}
	return accounts
}

// whereabouts lists the places, by account and Region. A place that is known
// in part only counts where no fuller one covers it: a bucket's ARN names no
// account, and is in none of its own for that.
func whereabouts(items []*item.Item) []accountAndRegion {
	var all, distinct []accountAndRegion
	for _, it := range items {
		if at := (accountAndRegion{it.Account, it.Region}); !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	for _, at := range all {
		if !slices.ContainsFunc(all, at.coveredBy) {
			distinct = append(distinct, at)
		}
	}
	slices.SortFunc(distinct, func(x, y accountAndRegion) int {
		return cmp.Or(cmp.Compare(x.account, y.account), cmp.Compare(x.region, y.region))
	})
	return distinct
}

func (at accountAndRegion) coveredBy(other accountAndRegion) bool {
	return at != other &&
		(at.account == "" || at.account == other.account) &&
		(at.region == "" || at.region == other.region)
}
