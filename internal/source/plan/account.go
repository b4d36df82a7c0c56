package plan

import (
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
	if own := values["region"]; own != nil {
		region = own.text()
		if !own.unset() && own.unknown && b.sets("region") {
			return "", account
		}
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

// accounts gives resources of one provider configuration the account that one
// of them is known to be in.
func (a *assembler) accounts() {
	known := map[string]string{}
	for _, d := range a.drafts {
		if key := d.provider(); key != "" && d.account != "" && known[key] == "" {
			known[key] = d.account
		}
	}
	for _, d := range a.drafts {
		if d.account == "" {
			d.account = known[d.provider()]
		}
	}
}

func (d *draft) provider() string {
	if d.builder.config == nil {
		return ""
	}
	return d.builder.config.ProviderConfigKey
}

// accountItems gives one item per account and Region that the items are in.
func accountItems(items []*item.Item, source item.SourceKind) []*item.Item {
	type place struct{ account, region string }
	var places []place
	for _, it := range items {
		if p := (place{it.Account, it.Region}); !slices.Contains(places, p) {
			places = append(places, p)
		}
	}
	slices.SortFunc(places, func(x, y place) int {
		return strings.Compare(x.account+" "+x.region, y.account+" "+y.region)
	})
	var accounts []*item.Item
	for _, p := range places {
		accounts = append(accounts, &item.Item{
			Type: item.AccountType, ID: p.account, Account: p.account, Region: p.region,
			Configuration: map[string]any{}, Source: item.Source{Kind: source},
		})
	}
	return accounts
}
