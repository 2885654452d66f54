def rack_of(host):
    return host[:3]


class FilterModule:
    def filters(self):
        return {'rack_of': rack_of}
